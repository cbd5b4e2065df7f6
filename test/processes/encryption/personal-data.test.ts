/**
 * A person whose name and e-mail address go through every ending, as processes of their own: nothing that is kept or
 * logged may hold them but the provider's own member fields.
 */
import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EncryptionCodec } from '../../../src/encryption/codec.ts';
import { sandboxKeyRing } from '../../../src/encryption/key-ring.ts';
import { encryption } from '../../../src/index.ts';
import type { Child } from '../../../src/local/child.ts';
import { awaited } from '../../support/awaited.ts';
import { withBase64Decoded } from '../../support/base64.ts';
import { allowPolling, send, type Answer } from '../../support/gateway/gateway.ts';
import { bothPrograms } from '../../support/program-variants.ts';
import { newId, redeemWords } from '../../support/sales.ts';
import type { Fault, ProgramId } from '../../support/sandbox-client.ts';
import { startStack, type Stack } from '../../support/stack.ts';
import { EMAIL, cases, type Call } from './personal-data-cases.ts';

/** The spellings of one person, whoever says them: also percent-encoded, in base64 and in capitals. */
const CLARA = /clara.{0,3}canary/i;
const NAME = 'clara-canary';
const POINTS = 200;

let folder: string;
let stack: Stack;
let worker: Child;
let gateway: { readonly origin: string; readonly child: Child };
let key: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'points-redemption-'));
  stack = await startStack({ dataFolder: folder });
  worker = await stack.startWorker();
  const file = join(folder, 'access-keys.json');
  const scopes = 'quote,redeem,read,payments';
  const words = ['access-keys', 'create', '--file', file, '--id', 'till', '--scopes', scopes];
  key = String((await stack.json(words)).answer['key']);
  await allowPolling(file);
  gateway = await stack.startGateway({ GATEWAY_ACCESS_KEYS: file });
  for (const program of bothPrograms)
    await stack.sandbox.addMember({ program, memberId: NAME, aliases: [EMAIL], points: 50_000 });
});
/** Whatever has not been flushed by then is not kept. */
async function close(): Promise<void> {
  await gateway.child.stop();
  await worker.stop();
  await stack.stop();
}
afterAll(async () => {
  await close();
  await rm(folder, { recursive: true });
});

const post = (path: string, body: object): Promise<Answer> =>
  send(gateway.origin, 'POST', path, { key, body });

function serviceOf(program: ProgramId, call: Call): Fault['service'] {
  if (call === 'fulfil' || call === 'cancel') return 'fulfilment';
  return program === 'coffee-club' ? 'white-label-loyalty' : 'loyalife';
}

const statusOf = async (program: string, id: string): Promise<string> =>
  String(
    (await send(gateway.origin, 'GET', `/v1/redemptions/${program}/${id}`, { key })).body['status'],
  );

const comesTo = (program: string, id: string, status: string) =>
  awaited(`${status} of ${id}`, async () => (await statusOf(program, id)) === status);

const saleOf = (program: ProgramId, redemptionId: string) => ({
  program,
  redemptionId,
  member: EMAIL,
  points: POINTS,
  basket: { amount: '50000.00', currency: program === 'coffee-club' ? 'GBP' : 'INR' },
  store: 'S1',
  till: 'T1',
  // Goes to the provider as it is, so the POS sends no name.
  cashier: 'C7',
});

/** The text as it is, and all that base64 and percent signs hide in it. */
function readable(bytes: Buffer): string {
  const text = bytes.toString('latin1');
  const unescaped = text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  return `${withBase64Decoded(text)}\n${unescaped}`;
}

/** Everything that Temporal tells of every run of the namespace. */
async function kept(): Promise<Map<string, string>> {
  const connection = await Connection.connect({ address: stack.server.address });
  const { History } = proto.temporal.api.history.v1;
  const found = new Map<string, string>();
  const { workflow } = new Client({ connection, dataConverter: encryption() });
  for await (const { workflowId, runId } of workflow.list()) {
    const handle = workflow.getHandle(workflowId, runId);
    const described = await connection.workflowService.describeWorkflowExecution({
      namespace: 'default',
      execution: { workflowId, runId },
    });
    const history = History.fromObject(await handle.fetchHistory()).toJSON();
    found.set(`${workflowId} ${runId}`, JSON.stringify([history, described]));
  }
  await connection.close();
  return found;
}

/** What each redemption was started with, as a worker reads it. */
async function decryptedInputs(): Promise<string[]> {
  const connection = await Connection.connect({ address: stack.server.address });
  const { workflow } = new Client({ connection, dataConverter: encryption() });
  const codec = new EncryptionCodec(sandboxKeyRing);
  const inputs: string[] = [];
  for await (const { workflowId, runId } of workflow.list({
    query: `WorkflowType = 'redemption'`,
  })) {
    const { events } = await workflow.getHandle(workflowId, runId).fetchHistory();
    const payloads = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
    inputs.push(
      ...(await codec.decode(payloads)).map(({ data }) => Buffer.from(data ?? []).toString()),
    );
  }
  await connection.close();
  return inputs;
}

describe.each(bothPrograms)('a person at %s', (program) => {
  it.each(cases)(
    'goes through $ending',
    async ({ status, faults, body, waits = '20', events, operator }) => {
      const id = newId();
      for (const { call, fault } of faults ?? []) {
        const times = fault === 'error-before-commit' ? 50 : 1;
        await stack.sandbox.fault({ service: serviceOf(program, call), call, fault, times });
      }
      const answer = await send(gateway.origin, 'POST', '/v1/redemptions', {
        key,
        headers: { prefer: `wait=${waits}` },
        body: { ...saleOf(program, id), ...body },
      });
      expect(answer.status, JSON.stringify(answer.body)).toBe(status === 'declined' ? 422 : 201);
      const report = { paymentId: `pay-${NAME}` };
      const left = { ...report, reason: `${NAME} left` };
      for (const event of events ?? []) {
        const verb = event === 'captured' ? 'capture' : 'void';
        const eventId = `${verb}-${NAME}`;
        const said = event === 'captured' ? report : left;
        const told = await post(`/v1/redemptions/${program}/${id}/${verb}`, { eventId, ...said });
        expect(told.status).toBe(202);
        if (event === 'captured')
          await comesTo(program, id, faults?.[0]?.call === 'fulfil' ? status : 'completed');
      }
      if (operator !== undefined) {
        await comesTo(program, id, 'needs-attention');
        await stack.json([
          ...operator,
          '--program',
          program,
          '--id',
          id,
          '--by',
          NAME,
          '--why',
          `for ${EMAIL}`,
        ]);
      }
      await comesTo(program, id, status);
      await stack.sandbox.clearFaults();
    },
  );

  it('is refused with a field that holds what it should not', async () => {
    const sale = saleOf(program, newId());
    for (const field of ['redemptionId', 'store', 'till', 'program'])
      expect((await post('/v1/redemptions', { ...sale, [field]: EMAIL })).status).toBe(422);
    const ran = await stack.run(redeemWords({ program, member: EMAIL, store: EMAIL }));
    expect(ran.code).toBe(1);
    expect(ran.stdout + ran.stderr).not.toMatch(CLARA);
  });
});

describe('afterwards, the person', () => {
  it('stands in nothing that Temporal tells of any run', async () => {
    const runs = await kept();
    expect(runs.size).toBeGreaterThan(2 * cases.length);
    for (const [run, text] of runs) expect(CLARA.exec(readable(Buffer.from(text))), run).toBeNull();
    // With the keys it is found, by the same search.
    const decrypted = await decryptedInputs();
    expect(decrypted.length).toBeGreaterThanOrEqual(2 * cases.length);
    for (const input of decrypted) expect(readable(Buffer.from(input))).toMatch(CLARA);
  });

  it("stands in no log and no file but in the provider's member fields", async () => {
    await close();
    const files = await readdir(folder);
    for (const kind of [/^temporal\.db/, /^temporal\.log/, /^worker-/, /^gateway-/, /^sandbox-/])
      expect(
        files.some((name) => kind.test(name)),
        String(kind),
      ).toBe(true);
    for (const name of files.filter((name) => name !== 'sandbox.jsonl')) {
      const found = CLARA.exec(readable(await readFile(join(folder, name))));
      expect(found === null ? undefined : around(found), name).toBeUndefined();
    }
    const journal = await readFile(join(folder, 'sandbox.jsonl'), 'utf8');
    // The provider's own: the member it keeps, whom a movement and an event are of, and how the request spelled them.
    expect(fieldsWithCanary(journal)).toEqual(['aliases', 'memberId', 'spelling', 'subject']);
  });

  it('would be found where it stands in base64, in percent signs or plainly', () => {
    for (const text of [
      EMAIL,
      encodeURIComponent(EMAIL),
      Buffer.from(`{"member":"${EMAIL}"}`).toString('base64'),
    ])
      expect(readable(Buffer.from(text))).toMatch(CLARA);
  });
});

const around = ({ input, index }: RegExpExecArray) =>
  input.slice(Math.max(0, index - 150), index + 100);

/** The names of the fields whose values hold the person. */
function fieldsWithCanary(journal: string): string[] {
  const fields = new Set<string>();
  const walk = (name: string, value: unknown): void => {
    if (typeof value === 'string' && CLARA.test(value)) fields.add(name);
    if (Array.isArray(value)) for (const entry of value) walk(name, entry);
    else if (typeof value === 'object' && value !== null)
      for (const [field, child] of Object.entries(value)) walk(field, child);
  };
  for (const line of journal.split('\n').filter((line) => line !== '')) walk('', JSON.parse(line));
  return [...fields].sort();
}
