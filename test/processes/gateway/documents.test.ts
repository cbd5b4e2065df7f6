/** Runs every command of docs/integrate, as it is written there, against a real server, worker, sandbox and gateway. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Child } from '../../../src/local/child.ts';
import { commandsOf, runShell } from '../../support/documents.ts';
import { newId, newSale } from '../../support/sales.ts';
import { startStack, type GatewayProcess, type Stack } from '../../support/stack.ts';

const folder = mkdtempSync(join(tmpdir(), 'documents-'));
const keysFile = join(folder, 'access-keys.json');

let processes: Stack;
let worker: Child;
let gateway: GatewayProcess;
let environment: Record<string, string>;

beforeAll(async () => {
  processes = await startStack();
  worker = await processes.startWorker();
  const words = ['access-keys', 'create', '--file', keysFile, '--id', 'pos'];
  const { answer } = await processes.json([...words, '--scopes', 'quote,redeem,read,payments']);
  environment = { ...processes.environment, REDEMPTION_API_KEY: String(answer['key']) };
  gateway = await processes.startGateway({ GATEWAY_ACCESS_KEYS: keysFile });
});
afterAll(async () => {
  await gateway.child.stop();
  await worker.stop();
  await processes.stop();
  rmSync(folder, { recursive: true });
});

describe('docs/integrate/http.md', () => {
  const id = newId();
  /** By what the command does. */
  const prints: readonly (readonly [part: string, answer: string])[] = [
    ['access-keys create', 'prk_'],
    ['/capture', '"eventId":'],
    ['"points":500', '"granted":true'],
    ['/coffee-club/', '"timeline":'],
  ];

  it.each(commandsOf('docs/integrate/http.md'))('%s', async (command) => {
    const ran = await runShell(
      { environment },
      command
        .replaceAll('http://127.0.0.1:8080', gateway.origin)
        .replaceAll('S12-T3-000417', id)
        .replace('access-keys.json', keysFile),
    );
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    const [, answer] = prints.find(([part]) => command.includes(part)) ?? [];
    expect(ran.stdout).toContain(answer);
  });
});

describe('docs/integrate/signals.md', () => {
  const endings = { paymentCaptured: 'completed', paymentVoided: 'compensated' } as const;

  it.each(commandsOf('docs/integrate/signals.md'))('%s', async (command) => {
    const sale = newSale();
    await processes.redemptions.redeem(sale);
    const ran = await runShell({ environment }, command.replace(/S12-T3-\d+/, sale.redemptionId));
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    const signal = command.includes('paymentCaptured') ? 'paymentCaptured' : 'paymentVoided';
    const { status } = await processes.redemptions.wait(sale, 30_000);
    expect(status).toBe(endings[signal]);
  });
});

it('docs/integrate has no other commands', () => {
  for (const page of ['typescript', 'payment-events', 'notifications'])
    expect(commandsOf(`docs/integrate/${page}.md`)).toEqual([]);
});
