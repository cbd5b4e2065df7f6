/** A POS that listens to news: it takes what is signed by its secret, and can be out of order for a while. */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { Notification } from '../../src/domain/notification.ts';
import { awaited } from './awaited.ts';

type RedemptionNews = Notification['redemption'];

export interface Received {
  readonly id: string;
  readonly type: string;
  readonly data: RedemptionNews;
}

export interface Receiver {
  readonly url: string;
  readonly secret: string;
  /** What was taken, in its order. */
  readonly received: readonly Received[];
  /** How often something was refused: by order, or for its signature. */
  readonly refused: number;
  /** The next so many deliveries are answered 503. */
  refuseNext(count: number): void;
  /** The types of the news of one redemption, once there are so many. */
  typesOf(redemptionId: string, count: number): Promise<string[]>;
  close(): Promise<void>;
}

export async function openReceiver(): Promise<Receiver> {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const webhook = new Webhook(secret);
  const received: Received[] = [];
  let refused = 0;
  let outOfOrder = 0;

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = request.headers as Record<string, string>;
      const body = Buffer.concat(chunks).toString('utf8');
      try {
        const news = webhook.verify(body, headers) as Omit<Received, 'id'>;
        if (outOfOrder > 0) throw new Error('out of order');
        received.push({ ...news, id: headers['webhook-id'] ?? '' });
        response.writeHead(204).end();
      } catch {
        outOfOrder = Math.max(0, outOfOrder - 1);
        refused += 1;
        response.writeHead(503).end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const typesOf = (redemptionId: string) =>
    received
      .filter(({ data }) => data.redemptionId === redemptionId)
      .map(({ type, data }) => `${type} ${data.reason ?? ''}`.trim());
  return {
    url: `http://127.0.0.1:${port}/news?shop=1`,
    secret,
    received,
    get refused() {
      return refused;
    },
    refuseNext(count) {
      outOfOrder = count;
    },
    async typesOf(redemptionId, count) {
      await awaited(`${count} news of ${redemptionId}`, () =>
        Promise.resolve(typesOf(redemptionId).length >= count),
      );
      return typesOf(redemptionId);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
