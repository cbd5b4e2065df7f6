/** A deduction whose answer is lost may move its points a while later: until then, nothing is decided. */
import { expect, it } from 'vitest';
import { lookUpOf } from '../../support/environment.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';
import { ACT } from '../../support/words.ts';

const env = useTestEnvironment();

it('a lost deduction whose points move late is looked for until they have, and granted', async () => {
  await env.sandbox.switch({ reactionDelayMs: 3_000 });
  const alice = await env.sandbox.member('coffee-club', 1_000);
  const request = env.request(alice, { deductByMs: 30_000 });
  await env.atProvider('coffee-club', 'deduct', 'cut-after-commit');
  expect(await env.redeem(request)).toMatchObject({ status: 'awaiting-payment', granted: true });
  await env.capture(request);
  expect(await env.ended(request)).toMatchObject({ status: 'completed' });
  expect(await env.moved(alice)).toEqual([-200]);
});

it('an adopted deduction goes back also before *deduct by*, because the till was told no', async () => {
  await env.sandbox.switch({ reactionDelayMs: 0 });
  const alice = await env.sandbox.member('coffee-club', 1_000);
  // It settles within a second, long before its deadline.
  const program = 'coffee-club-watched';
  const request = env.request(alice, { program, deductByMs: 60_000 });
  await env.atProvider('coffee-club', 'deduct', 'cut-after-commit');
  await env.atProvider('coffee-club', lookUpOf('coffee-club'), 'error-before-commit', {
    times: 1_000,
  });
  expect(await env.redeem(request)).toMatchObject({ granted: false, status: 'needs-attention' });
  await env.sandbox.clearFaults();
  const { movements } = await env.sandbox.ledger(alice);
  const reference = movements[0]?.reference ?? '';
  await env.client.resolve(request, { ...ACT, resolution: 'adopt', reference });
  expect(await env.ended(request)).toMatchObject({ status: 'compensated', granted: false });
  expect(await env.moved(alice)).toEqual([-200, 200]);
});

it('the run answers by *deduct by* although the outcome is still unknown, and its client need not give it up', async () => {
  const alice = await env.sandbox.member('coffee-club', 1_000);
  const request = env.request(alice, { deductByMs: 3_000 });
  await env.atProvider('coffee-club', 'deduct', 'cut-after-commit');
  await env.atProvider('coffee-club', lookUpOf('coffee-club'), 'slow', { delayMs: 9_000 });
  const till = env.redeem(request);
  await env.until(request, 'resolving-deduction');
  const answered = await env.handle(request).executeUpdate('pointsDeducted');
  expect(answered).toMatchObject({
    redemption: { status: 'resolving-deduction', granted: false },
  });
  expect(await till).toMatchObject({ granted: false });
  expect(await env.ended(request)).toMatchObject({ status: 'compensated', reason: 'too-late' });
  expect(await env.moved(alice)).toEqual([-200, 200]);
});
