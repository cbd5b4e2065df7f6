/** A way to Temporal that can stand still: nothing passes in either direction, and no connection breaks. */
import { Client, Connection } from '@temporalio/client';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { RedemptionClient, encryption } from '../../src/index.ts';
import type { TestEnvironment } from './environment.ts';

interface Way {
  /** `host:port` */
  readonly address: string;
  standStill(): void;
  goOn(): void;
  close(): Promise<void>;
}

export async function openWay(to: string): Promise<Way> {
  const [host = '', port = ''] = to.split(':');
  const sockets = new Set<Socket>();
  let stands = false;
  const pass = (from: Socket, other: Socket) => {
    sockets.add(from);
    from.on('data', (chunk) => other.write(chunk));
    from.on('error', () => undefined);
    from.on('close', () => {
      sockets.delete(from);
      other.destroy();
    });
    if (stands) from.pause();
  };
  const server = createServer((near) => {
    const far = connect(Number(port), host);
    pass(near, far);
    pass(far, near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    standStill() {
      stands = true;
      for (const socket of sockets) socket.pause();
    },
    goOn() {
      stands = false;
      for (const socket of sockets) socket.resume();
    },
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

export interface Till extends Pick<Way, 'standStill' | 'goOn' | 'close'> {
  readonly redemptions: RedemptionClient;
  /** Temporal stands still for that long from the moment at which the work begins. */
  whileItStands<T>(milliseconds: number, work: () => Promise<T>): Promise<T>;
}

/** A till of the environment that has a way of its own to Temporal. */
export async function openTill({ server, temporal, programs }: TestEnvironment): Promise<Till> {
  const way = await openWay(server.address);
  const connection = await Connection.connect({ address: way.address });
  const { namespace } = temporal.options;
  const client = new Client({ connection, namespace, dataConverter: encryption() });
  return {
    ...way,
    redemptions: new RedemptionClient({ temporal: client, programs }),
    async whileItStands(milliseconds, work) {
      way.standStill();
      const done = work();
      // Whoever awaits it sees how it ended.
      done.catch(() => undefined);
      await delay(milliseconds);
      way.goOn();
      return done;
    },
    async close() {
      way.goOn();
      await connection.close();
      await way.close();
    },
  };
}
