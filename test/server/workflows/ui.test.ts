/** What Temporal UI shows of a run: its summary, its details, its forms, and what it is found by. */
import type { WorkflowHandle } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { sandboxKeyRing } from '../../../src/encryption/key-ring.ts';
import { memberHash } from '../../../src/encryption/member-hash.ts';
import type { RedemptionRequest } from '../../../src/index.ts';
import { searchAttributes } from '../../../src/workflows/search-attributes.ts';
import { awaited } from '../../support/awaited.ts';
import { metadataOf, searched, summariesOf, upsertsOf } from '../../support/shown.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();
const { redeem, capture, voidSale, atProvider, atFulfilment } = env;

const ACT = { by: 'olivia', why: 'a | test\nof *words*' };

const run = (type: string, { program, redemptionId }: RedemptionRequest): WorkflowHandle =>
  env.temporal.workflow.getHandle(`${type}:${program}:${redemptionId}`);

const detailsOf = async (request: RedemptionRequest, type = 'redemption'): Promise<string> =>
  (await metadataOf(run(type, request))).currentDetails.replaceAll('\u00a0', '');

async function sale(
  overrides: Partial<RedemptionRequest> = {},
  program: 'coffee-club' | 'travel-miles' = 'coffee-club',
): Promise<RedemptionRequest> {
  const alice = await env.sandbox.member(program, 1_000);
  return env.request(alice, { store: 'S12', points: 500, ...overrides });
}

describe('a sale that goes well', () => {
  it('says in one line what it is, and on each step what that does', async () => {
    const request = await sale();
    await redeem(request);
    await capture(request);
    await env.ended(request);
    const handle = env.handle(request);
    expect(await (await handle.describe()).staticSummary()).toBe(
      '500 points at store S12, coffee-club',
    );
    expect(await summariesOf(env.temporal, handle)).toEqual([
      '500 points at store S12, coffee-club',
      'check the balance',
      'deduct 500 points',
      'payment deadline',
      'fulfil what the points bought',
    ]);
  });

  it('names the discount at once where the rate is configured, and the amount where that was asked', async () => {
    const miles = await sale({ points: 200 }, 'travel-miles');
    const { points: _, ...coffee } = await sale({ amount: { amount: '5.00', currency: 'GBP' } });
    await redeem(miles);
    await redeem(coffee);
    expect(await (await env.handle(miles).describe()).staticSummary()).toBe(
      '200 points for 50.00 INR at store S12, travel-miles',
    );
    expect(await (await env.handle(coffee).describe()).staticSummary()).toBe(
      '5.00 GBP in points at store S12, coffee-club',
    );
    for (const request of [miles, coffee]) {
      await voidSale(request);
      await env.ended(request);
    }
  });

  it('is found by program, store, member and deadline from its start on, and changes nothing there', async () => {
    const request = await sale();
    const startedAt = Date.now();
    await redeem(request);
    await capture(request);
    await env.ended(request);
    const handle = env.handle(request);
    expect(await upsertsOf(handle)).toBe(0);
    expect(await searched(handle)).toEqual({
      status: 'on-course',
      reason: undefined,
      program: 'coffee-club',
      store: 'S12',
    });
    const { typedSearchAttributes: found } = await handle.describe();
    expect(found.get(searchAttributes.member)).toBe(
      memberHash(sandboxKeyRing.memberHashKey, 'coffee-club', request.member),
    );
    const deadline = found.get(searchAttributes.deadline)?.getTime() ?? 0;
    expect(deadline).toBeGreaterThanOrEqual(startedAt + 30_000 + 900_000);
    expect(deadline).toBeLessThanOrEqual(Date.now() + 30_000 + 900_000);
  });

  it('shows its table and story at every step', async () => {
    const request = await sale();
    const { providerReference = '' } = await redeem(request);
    const waiting = await detailsOf(request);
    for (const row of [
      '| status | awaiting-payment |',
      '| discount granted | yes |',
      '| points | 500 |',
      '| discount | 5.00 GBP |',
      '| payment | open |',
      `| provider reference | ${providerReference} |`,
    ])
      expect(waiting).toContain(row);
    expect(waiting).toMatch(/\| deduct by \| \d{4}-\d\d-\d\d [\d:]+ UTC \|/);
    expect(waiting).toMatch(/\| payment by \| \d{4}-\d\d-\d\d [\d:]+ UTC \|/);
    expect(waiting).toMatch(
      /- \d{4}-\d\d-\d\d [\d:]+ UTC: deducting\n- \S+ \S+ UTC: awaiting-payment$/,
    );
    expect(waiting).not.toContain('Next step');
    expect(waiting).not.toContain(request.member);

    await capture(request);
    await env.ended(request);
    const completed = await detailsOf(request);
    expect(completed).toContain('| status | completed |');
    expect(completed).toContain('| payment | captured |');
  });

  it('explains every form that the UI has for it', async () => {
    const request = await sale();
    await redeem(request);
    const { definition } = await metadataOf(env.handle(request));
    const { signalDefinitions, queryDefinitions, updateDefinitions } = definition;
    const described = [...signalDefinitions, ...queryDefinitions, ...updateDefinitions].filter(
      ({ name }) => !name.startsWith('__'),
    );
    expect(described.map(({ name }) => name).sort()).toEqual([
      'giveUp',
      'paymentCaptured',
      'paymentVoided',
      'pointsDeducted',
      'resolve',
      'retry',
      'retry',
      'status',
    ]);
    for (const { name, description = '' } of described) {
      const example = /\{.*?\}+/.exec(description)?.[0];
      const takesInput = name !== 'pointsDeducted' && name !== 'status';
      if (takesInput) expect(JSON.parse(example ?? '')).toBeTypeOf('object');
      else expect(description).toContain('Takes no input');
    }
    await voidSale(request);
    await env.ended(request);
  });
});

describe('a sale that leaves its course', () => {
  it('shows the next step with the commands to copy, and what others wrote as plain words', async () => {
    const request = await sale();
    await redeem(request);
    await atProvider('coffee-club', 'restore', 'refuse');
    await voidSale(request);
    await env.until(request, 'needs-attention');
    const details = await detailsOf(request);
    expect(details).toContain('| status | needs-attention (restoration-refused) |');
    expect(details).toContain('| discount granted | no |');
    expect(details).toContain('| payment | voided |');
    expect(details).toContain('### Next step');
    expect(details).toContain('The provider refuses to give the points back.');
    const words = `\\\n  --program coffee-club --id ${request.redemptionId} \\\n  --by NAME --why REASON`;
    expect(details).toContain(
      `\`\`\`\nnpm run starter -- retry ${words}\nnpm run starter -- resolve ${words} --as restored\n\`\`\``,
    );
    expect(await searched(env.handle(request))).toMatchObject({
      status: 'needs-attention',
      reason: 'restoration-refused',
    });

    await env.client.retry(request, ACT);
    await env.ended(request);
    const after = await detailsOf(request);
    expect(after).toContain('| status | compensated (payment-voided) |');
    expect(after).toContain(String.raw`olivia: retry (a \| test of \*words\*)`);
    expect(after).not.toContain('Next step');
  });

  it('names the reports that settle it where it waits for news of the payment', async () => {
    const request = await sale({ basket: { amount: '20.00', currency: 'GBP' } });
    await redeem(request);
    await capture(request, { amount: { amount: '20.00', currency: 'GBP' } });
    await env.until(request, 'needs-attention');
    const id = `\\\n  --program coffee-club --id ${request.redemptionId}`;
    expect(await detailsOf(request)).toContain(
      `resolve ${id} \\\n  --by NAME --why REASON --as accept\nnpm run starter -- void ${id}\n`,
    );
    await voidSale(request);
    await env.ended(request);
  });

  it.each([
    ['declined', 'insufficient-points'],
    ['compensated', 'fulfilment-failed'],
  ] as const)('shows and is found as %s (%s)', async (status, reason) => {
    const request = await sale({ points: status === 'declined' ? 1_500 : 500 });
    if (status === 'compensated') await atFulfilment('fulfil', 'refuse');
    await redeem(request);
    if (status === 'compensated') await capture(request);
    await env.ended(request);
    expect(await detailsOf(request)).toContain(`| status | ${status} (${reason}) |`);
    expect(await searched(env.handle(request))).toMatchObject({ status, reason });
  });

  it('is on course again once its outcome was found, and keeps its reference', async () => {
    const request = await sale();
    await atProvider('coffee-club', 'deduct', 'cut-after-commit');
    const { providerReference } = await redeem(request);
    const handle = env.handle(request);
    expect(await searched(handle)).toMatchObject({ status: 'on-course', reason: undefined });
    const { typedSearchAttributes: found } = await handle.describe();
    expect(found.get(searchAttributes.reference)).toBe(providerReference);
    expect(await detailsOf(request)).toContain('resolving-deduction');
    await voidSale(request);
    await env.ended(request);
  });
});

describe('what follows a sale', () => {
  it('a reversal says what it is, and is found like the sale', async () => {
    const request = await sale();
    await redeem(request);
    await capture(request);
    await env.ended(request);
    await atProvider('coffee-club', 'restore', 'refuse');
    await voidSale(request);
    const reversal = run('reversal', request);
    await awaited('the reversal waits', async () =>
      (await detailsOf(request, 'reversal')).includes('### Next step'),
    );
    expect(await (await reversal.describe()).staticSummary()).toBe(
      'reversal: 500 points for 5.00 GBP at store S12, coffee-club',
    );
    expect(await detailsOf(request, 'reversal')).toContain('| payment | voided |');
    expect(await searched(reversal)).toEqual({
      status: 'needs-attention',
      reason: 'restoration-refused',
      program: 'coffee-club',
      store: 'S12',
    });
    await env.client.retry(request, ACT);
    await env.ended(request);
    expect(await summariesOf(env.temporal, reversal)).toContain('give 500 points back');
    expect(await summariesOf(env.temporal, reversal)).toContain('cancel the fulfilment');
  });

  it('a late capture opens a case that shows the way out', async () => {
    const request = await sale({ paymentDeadlineMs: 1_000 });
    await redeem(request);
    await env.ended(request);
    await capture(request);
    await awaited('the case waits', async () => {
      const details = await detailsOf(request, 'case').catch(() => '');
      return details.includes('--as deduct-again') && details.includes('--as accept');
    });
    const opened = run('case', request);
    expect(await (await opened.describe()).staticSummary()).toMatch(/^late capture: 500 points/);
    expect(await searched(opened)).toMatchObject({
      status: 'needs-attention',
      reason: 'late-capture',
      store: 'S12',
    });
    expect(await upsertsOf(opened)).toBe(0);
    await env.client.resolve(request, {
      resolution: 'accept',
      ...ACT,
    });
    await env.ended(request);
  });

  it('a watch for a late deduction shows what it waits for', async () => {
    const request = await sale({ program: 'coffee-club-watched', deductByMs: 3_000 });
    await atProvider('coffee-club', 'deduct', 'cut-before-commit');
    await redeem(request);
    await env.until(request, 'declined');
    const watch = run('watch', request);
    await awaited('the watch runs', async () => (await watch.describe()) !== undefined);
    expect(await (await watch.describe()).staticSummary()).toBe(
      'watch for a late deduction: 500 points for 5.00 GBP at store S12, coffee-club-watched',
    );
    expect(await detailsOf(request, 'watch')).toContain('| status | declined (provider-failed) |');
    expect(await searched(watch)).toMatchObject({ status: 'declined', store: 'S12' });
    await watch.result();
    expect(await summariesOf(env.temporal, watch)).toContain('look for the deduction');
  });
});
