/** A till that hangs up gives its places back, also those of requests that it has sent one behind the other. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { openGateway } from '../../support/gateway/gateway.ts';
import { inARow } from '../../support/gateway/raw.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();
const program = 'coffee-club';

/** With 4 places there are 2 for a key, and two keys have all of them. */
it('requests in a row on one connection leave no place taken after it was closed', async () => {
  const gateway = await openGateway(env, { places: 4 });
  const member = await env.sandbox.member(program, 100_000);
  await env.stopWorker();
  // What stands behind a quote that takes long never comes to its turn.
  await env.atProvider(program, 'balance', 'slow', { times: 2, delayMs: 5_000 });
  const keys = [gateway.newKey(), gateway.newKey()];
  const requests = keys.map(() =>
    ['A', 'B'].map((store) => env.request(member, { points: 1, store })),
  );
  const sockets = await Promise.all(
    keys.map(async (key, n) => {
      const { port, hostname } = new URL(gateway.origin);
      const socket = connect(Number(port), hostname);
      await once(socket, 'connect');
      const quote = { program, member: member.memberId, points: 1 };
      socket.write(
        inARow(key, [
          ['/v1/quotes', quote],
          ...(requests[n] ?? []).map((each) => ['/v1/redemptions', each] as const),
        ]),
      );
      return socket;
    }),
  );
  for (const request of requests.flat())
    await expect.poll(() => isStarted(request), { timeout: 10_000 }).toBe(true);
  for (const socket of sockets) socket.destroy();

  await env.startWorker();
  const honest = env.request(await env.sandbox.member(program, 500));
  for (const key of [gateway.newKey(), ...keys])
    await expect
      .poll(async () => (await gateway.post('/v1/redemptions', honest, { key })).status, {
        timeout: 10_000,
        interval: 500,
      })
      .toBeLessThan(300);
  for (const request of [honest, ...requests.flat()]) {
    await env.voidSale(request);
    await env.ended(request);
  }
  await gateway.close();
});

const isStarted = (sale: Parameters<typeof env.handle>[0]) =>
  env
    .handle(sale)
    .describe()
    .then(
      () => true,
      () => false,
    );
