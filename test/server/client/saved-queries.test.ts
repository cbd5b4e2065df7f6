/** The queries that docs/operate/handbook.md gives to be saved: each finds the sale that it is for. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { RedemptionRequest } from '../../../src/index.ts';
import { awaited } from '../../support/awaited.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();
const { redeem, voidSale, atProvider, abandon } = env;
const temporal = () => env.temporal;

async function sale(overrides: Partial<RedemptionRequest> = {}): Promise<RedemptionRequest> {
  const member = await env.sandbox.member('coffee-club', 1_000);
  return env.request(member, { store: 'S12', ...overrides });
}

async function granted(): Promise<RedemptionRequest> {
  const request = await sale();
  await redeem(request);
  return request;
}

async function refused(): Promise<RedemptionRequest> {
  const request = await granted();
  await atProvider('coffee-club', 'restore', 'refuse');
  await voidSale(request);
  await env.until(request, 'needs-attention');
  return request;
}

async function compensated(): Promise<RedemptionRequest> {
  const request = await granted();
  await voidSale(request);
  await env.ended(request);
  return request;
}

async function compensating(): Promise<RedemptionRequest> {
  const request = await granted();
  await atProvider('coffee-club', 'restore', 'too-many-requests', { times: 1_000 });
  await voidSale(request);
  await env.until(request, 'compensating');
  return request;
}

async function watched(): Promise<RedemptionRequest> {
  const request = await sale({ deductByMs: 3_000 });
  await atProvider('coffee-club', 'deduct', 'cut-before-commit');
  await redeem(request);
  await env.until(request, 'declined');
  return request;
}

async function terminated(): Promise<RedemptionRequest> {
  const request = await granted();
  await abandon(request);
  return request;
}

const soughtBy: Readonly<Record<string, () => Promise<RedemptionRequest>>> = {
  'Who waits for me?': refused,
  '… for one reason': refused,
  'Waiting longer than its deadline': granted,
  'Open sales of a store': granted,
  "Today's compensations of a store": compensated,
  'Points that are on their way back': compensating,
  'Whose points may land late': watched,
  'Runs that were ended by force': terminated,
  'One sale': granted,
  'Whose deduction is this?': refused,
};

const handbook = readFileSync('docs/operate/handbook.md', 'utf8');
const section = handbook.split('## Queries to save in Temporal UI\n')[1]?.split('\n## ')[0] ?? '';
const queries = [...section.matchAll(/^- (.+)\n {2}`(.+)`$/gm)].map(
  ([, question = '', query = '']) => [question, query] as const,
);

it('has a trial of each', () => {
  expect(queries.map(([question]) => question)).toEqual(Object.keys(soughtBy));
});

it.each(queries)('%s', async (question, query) => {
  const request = await soughtBy[question]?.();
  if (request === undefined) throw new Error(`no trial of ${question}`);
  const { redemptionId } = request;
  const { providerReference } = await env.client
    .status({ program: 'coffee-club', redemptionId })
    .catch(
      // Of a run that was ended by force no story is told.
      () => ({ providerReference: undefined }),
    );
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  const yesterday = new Date(Date.now() - 86_400_000).toISOString();
  const asked = query
    .replace('S12-T3-0001', redemptionId)
    .replace('4711', String(providerReference))
    // So that its deadline has passed, and its end was today.
    .replace(/(?<=RedemptionDeadline < ')[^']+/, tomorrow)
    .replace(/(?<=CloseTime > ')[^']+/, yesterday);
  await awaited(`${redemptionId} by ${asked}`, async () => {
    for await (const { workflowId } of temporal().workflow.list({ query: asked }))
      if (workflowId.endsWith(`:${redemptionId}`)) return true;
    return false;
  });
  await env.sandbox.clearFaults();
});
