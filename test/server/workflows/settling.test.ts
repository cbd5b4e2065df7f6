/** A deduction whose answer is lost may move its points a while later: until then, nothing is decided. */
import { expect, it } from 'vitest';
import { useTestEnvironment } from '../../support/use-environment.ts';

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
