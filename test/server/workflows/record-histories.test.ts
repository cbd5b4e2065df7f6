/**
 * Records a history of each ending for test/unit/workflows/replay.test.ts, where the present version has none: to record one
 * anew, delete its file, and say in the change why runs in flight do not matter.
 */
import { Worker } from '@temporalio/worker';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { EncryptionCodec } from '../../../src/encryption/codec.ts';
import { workerEncryption } from '../../../src/encryption/data-converter.ts';
import { sandboxKeyRing } from '../../../src/encryption/key-ring.ts';
import type { RedemptionRequest, RedemptionView } from '../../../src/index.ts';
import { workflowBundle } from '../../../src/worker/workflow-bundle.ts';
import { SAGA_VERSION } from '../../../src/workflows/versions.ts';
import { openTestEnvironment, type TestEnvironment } from '../../support/environment.ts';
import { historiesOf, historyName, type HistoryEnding } from '../../support/histories.ts';
import { serverPath } from '../../support/servers.ts';

type Bundle = Awaited<ReturnType<typeof workflowBundle>>;

const root = new URL('../../../', import.meta.url);

let env: TestEnvironment;
let bundle: Bundle;

afterEach(() => env.sandbox.assertLedgerAddsUp());
beforeAll(async () => {
  env = await openTestEnvironment();
  bundle = await workflowBundle();
});
afterAll(async () => {
  await env.close();
});

interface Ending {
  readonly name: HistoryEnding;
  readonly points?: number;
  /** What happens to the sale after its request, and where it stands then. */
  readonly drive: (request: RedemptionRequest) => Promise<RedemptionView>;
}

const { capture, voidSale } = {
  capture: ({ program, redemptionId }: RedemptionRequest) =>
    env.client.capture({ program, redemptionId }),
  voidSale: ({ program, redemptionId }: RedemptionRequest) =>
    env.client.void({ program, redemptionId }),
};

const endings: readonly Ending[] = [
  {
    name: 'completed',
    drive: async (request) => {
      await env.client.redeem(request);
      await capture(request);
      return env.ended(request);
    },
  },
  {
    name: 'declined-insufficient-points',
    points: 10,
    drive: (request) => env.client.redeem(request),
  },
  {
    name: 'compensated-payment-voided',
    drive: async (request) => {
      await env.client.redeem(request);
      await voidSale(request);
      return env.ended(request);
    },
  },
  {
    name: 'compensated-payment-timed-out',
    drive: async (request) => {
      await env.client.redeem({ ...request, paymentDeadlineMs: 1_000 });
      return env.ended(request);
    },
  },
  {
    name: 'compensated-fulfilment-failed',
    drive: async (request) => {
      await env.client.redeem(request);
      await env.sandbox.fault({ service: 'fulfilment', call: 'fulfil', fault: 'refuse' });
      await capture(request);
      return env.ended(request);
    },
  },
  {
    name: 'compensated-cancelled',
    drive: async (request) => {
      await env.client.redeem(request);
      await env.handle(request).cancel();
      return env.ended(request);
    },
  },
  {
    name: 'declined-provider-failed',
    drive: async (request) => {
      const service = request.program === 'coffee-club' ? 'white-label-loyalty' : 'loyalife';
      await env.sandbox.fault({ service, call: 'deduct', fault: 'cut-before-commit' });
      await env.client.redeem({ ...request, deductByMs: 3_000 });
      return env.until(request, 'declined');
    },
  },
  {
    name: 'needs-attention-deduction-unknown',
    drive: async (request) => {
      const { service, lookUp } =
        request.program === 'coffee-club'
          ? ({ service: 'white-label-loyalty', lookUp: 'events' } as const)
          : ({ service: 'loyalife', lookUp: 'history' } as const);
      await env.sandbox.fault({ service, call: 'deduct', fault: 'cut-after-commit' });
      await env.sandbox.fault({ service, call: lookUp, fault: 'error-before-commit', times: 20 });
      await env.client.redeem({ ...request, deductByMs: 3_000 });
      return env.until(request, 'needs-attention');
    },
  },
];

/** As the command line shows it, which is what an operator would keep: encrypted. */
async function shownHistory(workflowId: string): Promise<string> {
  const show = ['workflow', 'show', '--workflow-id', workflowId, '--output', 'json'];
  const { stdout } = await promisify(execFile)(serverPath('TEMPORAL_CLI_PATH'), [
    ...show,
    '--address',
    env.server.address,
    '--namespace',
    env.server.namespace ?? 'default',
  ]);
  return stdout;
}

interface ShownPayload {
  readonly metadata: Readonly<Record<string, string>>;
  readonly data: string;
}

const isEncrypted = (value: object): value is ShownPayload =>
  'metadata' in value && 'data' in value && 'encryption-key-id' in (value.metadata as object);

/** To be stored: decrypted, for a change is to be read, and without where this machine keeps the project. */
async function stored(value: unknown): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map(stored));
  if (typeof value !== 'object' || value === null) return value;
  if (isEncrypted(value)) return decrypted(value);
  const entries = Object.entries(value).map(
    async ([name, of]) => [name, await stored(of)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function decrypted({ metadata, data }: ShownPayload): Promise<ShownPayload> {
  const bytes = Object.entries(metadata).map(
    ([name, text]) => [name, Buffer.from(text, 'base64')] as const,
  );
  const [payload] = await new EncryptionCodec(sandboxKeyRing).decode([
    { metadata: Object.fromEntries(bytes), data: Buffer.from(data, 'base64') },
  ]);
  const text = Buffer.from(payload?.data ?? []).toString();
  return {
    metadata: Object.fromEntries(
      Object.entries(payload?.metadata ?? {}).map(([name, of]) => [
        name,
        Buffer.from(of).toString('base64'),
      ]),
    ),
    data: Buffer.from(text.replaceAll(fileURLToPath(root), '')).toString('base64'),
  };
}

async function replay(history: unknown, workflowId: string): Promise<void> {
  const dataConverter = workerEncryption(sandboxKeyRing);
  await Worker.runReplayHistory({ workflowBundle: bundle, dataConverter }, history, workflowId);
}

describe.each(['coffee-club', 'travel-miles'] as const)('histories of %s', (program) => {
  it.each(endings)(
    '$name replays as it runs now, and is kept',
    async ({ name, points = 1_000, drive }) => {
      const member = await env.sandbox.member(program, points);
      const request = env.request(member);
      const view = await drive(request);
      expect([view.status, view.reason].filter(Boolean).join('-')).toBe(name);
      const { workflowId } = env.handle(request);
      const history = await shownHistory(workflowId);
      await replay(JSON.parse(history), workflowId);

      const present = historiesOf(SAGA_VERSION);
      const file = new URL(historyName(program, name), present);
      if (existsSync(file)) return;
      if (process.env['CI'] !== undefined) throw new Error(`${file.pathname} is missing`);
      await mkdir(present, { recursive: true });
      await writeFile(file, JSON.stringify(await stored(JSON.parse(history)), undefined, 2));
    },
  );
});
