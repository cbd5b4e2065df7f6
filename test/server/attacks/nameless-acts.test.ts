/** An act that moves points says who acts and why, also where it reaches Temporal past the command line. */
import { expect, it } from 'vitest';
import { useTestEnvironment } from '../../support/use-environment.ts';
import { ACT } from '../../support/words.ts';

const env = useTestEnvironment();

it('an act without a name or a reason is refused by the run itself', async () => {
  const alice = await env.sandbox.member('coffee-club', 1_000);
  const request = env.request(alice);
  await env.atProvider('coffee-club', 'restore', 'refuse');
  await env.redeem(request);
  await env.voidSale(request);
  await env.until(request, 'needs-attention');
  const resolution = 'restored';
  for (const act of [
    { resolution, by: '', why: 'w' },
    { resolution, by: 'o', why: '' },
    { resolution, by: 'o'.repeat(201), why: 'w' },
    { resolution, why: 'w' },
  ])
    await expect(env.handle(request).executeUpdate('resolve', { args: [act] })).rejects.toThrow();
  expect(await env.status(request)).toMatchObject({ status: 'needs-attention' });
  await env.client.retry(request, ACT);
  expect(await env.ended(request)).toMatchObject({ status: 'compensated' });
  expect(await env.moved(alice)).toEqual([-200, 200]);
});
