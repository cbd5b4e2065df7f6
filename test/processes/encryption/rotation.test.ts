/** The key ring, rotated step by step under load: tills that never pause, while worker and gateway take up each new file. */
import { Client, Connection } from '@temporalio/client';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { workflowIdOf } from '../../../src/domain/temporal-names.ts';
import { encryption } from '../../../src/index.ts';
import type { Child } from '../../../src/local/child.ts';
import { awaited } from '../../support/awaited.ts';
import { allowPolling, send, type Answer } from '../../support/gateway/gateway.ts';
import { bothPrograms } from '../../support/program-variants.ts';
import { newId } from '../../support/sales.ts';
import { startStack, type GatewayProcess, type Stack } from '../../support/stack.ts';

const POINTS = 200;
const LIMIT_MS = 120_000;
const TRIES = 100;
const PAUSE_MS = 200;

type ProgramId = (typeof bothPrograms)[number];

let stack: Stack;
let worker: Child;
let gateway: GatewayProcess;
let folder: string;
let file: string;
let key: string;
let isOpen = true;
const sold: { readonly program: ProgramId; readonly id: string }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'points-redemption-'));
  file = join(folder, 'keys.json');
  stack = await startStack();
  await stack.json(['encryption-keys', 'create', '--file', file]);
  const access = join(folder, 'access-keys.json');
  const words = ['access-keys', 'create', '--file', access, '--id', 'till'];
  const { answer } = await stack.json([...words, '--scopes', 'redeem,read,payments']);
  key = String(answer['key']);
  await allowPolling(access);
  worker = await stack.startWorker({ REDEMPTION_ENCRYPTION_KEYS: file });
  gateway = await openGateway();
});
afterAll(async () => {
  isOpen = false;
  await gateway.child.stop();
  await worker.stop();
  await stack.stop();
  await rm(folder, { recursive: true });
});

const openGateway = () =>
  stack.startGateway({
    GATEWAY_ACCESS_KEYS: join(folder, 'access-keys.json'),
    REDEMPTION_ENCRYPTION_KEYS: file,
  });

async function restart(): Promise<void> {
  await worker.stop();
  worker = await stack.startWorker({ REDEMPTION_ENCRYPTION_KEYS: file });
  const before = gateway;
  gateway = await openGateway();
  await before.child.stop();
}

/** A worker's restart takes seconds. */
const headers = { prefer: 'wait=30' };

/** As a till repeats: the same words again, until they are answered. */
async function ask(method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    const answer = await send(gateway.origin, method, path, { key, body, headers }).catch(
      () => undefined,
    );
    if (answer !== undefined && answer.status < 500) return answer;
    if (tries === TRIES) throw new Error(`${path} is not answered`);
    await delay(PAUSE_MS);
  }
}

async function keepSelling(program: ProgramId): Promise<void> {
  const currency = program === 'coffee-club' ? 'GBP' : 'INR';
  while (isOpen) {
    const id = newId();
    // Each sale has a member of its own, because the gateway limits what one key asks of one member.
    const member = `member-of-${id}`;
    await stack.sandbox.addMember({ program, memberId: member, points: 2 * POINTS });
    const path = `/v1/redemptions/${program}/${id}`;
    const request = {
      program,
      redemptionId: id,
      member,
      points: POINTS,
      basket: { amount: '2000.00', currency },
      store: 'S1',
      till: 'T1',
    };
    const answer = await ask('POST', '/v1/redemptions', request);
    expect(answer.body).toMatchObject({ granted: true });
    expect((await ask('POST', `${path}/capture`, { eventId: 'captured' })).status).toBe(202);
    await awaited(`the end of ${id}`, async () => {
      return (await ask('GET', path)).body['status'] === 'completed';
    });
    sold.push({ program, id });
  }
}

/** In which keys the payloads of a history are encrypted. */
async function keysOf({ program, id }: (typeof sold)[number]): Promise<string[]> {
  const connection = await Connection.connect({ address: stack.server.address });
  const { workflow } = new Client({ connection, dataConverter: encryption(file) });
  const history = await workflow
    .getHandle(workflowIdOf('redemption', { program, redemptionId: id }))
    .fetchHistory();
  await connection.close();
  const found = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
    for (const [name, child] of Object.entries(value)) {
      if (name === 'encryption-key-id') found.add(Buffer.from(child as Uint8Array).toString());
      else walk(child);
    }
  };
  walk(history);
  return [...found];
}

/** Both programs have sold twice more. */
async function moreSales(): Promise<void> {
  const before = sold.length;
  await awaited('sales of both programs', () => {
    const since = sold.slice(before);
    const isEnough = (program: ProgramId) =>
      since.filter((sale) => sale.program === program).length >= 2;
    return Promise.resolve(bothPrograms.every(isEnough));
  });
}

it(
  'fails no sale, keeps old histories readable, and ends them with their key',
  async () => {
    const tills = Promise.all(bothPrograms.flatMap((one) => [keepSelling(one), keepSelling(one)]));
    await Promise.race([moreSales(), tills]);
    const [oldSale] = sold;
    if (oldSale === undefined) throw new Error('nothing was sold');
    const [oldKey = ''] = await keysOf(oldSale);
    const { answer } = await stack.json(['encryption-keys', 'add', '--file', file]);
    const newKey = String(answer['key']);
    await restart();
    await Promise.race([moreSales(), tills]);
    await stack.json(['encryption-keys', 'use', '--file', file, '--key', newKey]);
    await restart();
    await Promise.race([moreSales(), tills]);
    isOpen = false;
    await tills;

    const newSale = sold.at(-1);
    if (newSale === undefined) throw new Error('nothing was sold');
    expect(await keysOf(newSale)).toEqual([newKey]);
    expect(await keysOf(oldSale)).toEqual([oldKey]);
    const show = ['show', '--program', oldSale.program, '--id', oldSale.id];
    const keys = { REDEMPTION_ENCRYPTION_KEYS: file };
    expect((await stack.json(show, keys)).answer).toMatchObject({ status: 'completed' });
    const { movements, violations } = await stack.sandbox.ledger();
    expect(violations).toEqual([]);
    expect(movements.map(({ points }) => points)).toEqual(sold.map(() => -POINTS));

    const copy = await readFile(file, 'utf8');
    await stack.json(['encryption-keys', 'remove', '--file', file, '--key', oldKey]);
    await restart();
    expect(await stack.json(show, keys)).toMatchObject({
      code: 1,
      answer: { error: 'invalid-settings' },
    });
    const after = ['show', '--program', newSale.program, '--id', newSale.id];
    expect((await stack.json(after, keys)).answer).toMatchObject({ status: 'completed' });
    // Until every copy is destroyed, nothing is.
    await writeFile(file, copy);
    expect((await stack.json(show, keys)).answer).toMatchObject({ status: 'completed' });
  },
  LIMIT_MS,
);
