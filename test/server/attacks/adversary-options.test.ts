/** Whoever reaches Temporal, and has no key, changes the options of a running activity, or resets it: not the run. */
import { expect, it } from 'vitest';
import { setTimeout as delay } from 'node:timers/promises';
import { bothPrograms } from '../../support/program-variants.ts';
import { workflowIdOf } from '../../../src/domain/temporal-names.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();
const duration = (seconds: number) => ({ seconds: seconds as never });

async function meddle(workflowId: string, how: 'options' | 'reset') {
  const { connection, options } = env.temporal;
  const activity = {
    namespace: options.namespace,
    execution: { workflowId },
    type: 'deductPoints',
    identity: 'rogue',
  };
  if (how === 'reset') return connection.workflowService.resetActivity(activity);
  return connection.workflowService.updateActivityOptions({
    ...activity,
    activityOptions: {
      startToCloseTimeout: duration(1),
      retryPolicy: { maximumAttempts: 5, initialInterval: duration(1), backoffCoefficient: 1 },
    },
    updateMask: {
      paths: [
        'start_to_close_timeout',
        'retry_policy.maximum_attempts',
        'retry_policy.initial_interval',
        'retry_policy.backoff_coefficient',
      ],
    },
  });
}

it.each(bothPrograms.flatMap((program) => [[program, ['options']], [program, ['reset']], [program, ['options', 'reset']]] as const))(
  'a running deduction at %s takes points once, whatever is done to it from outside: %j',
  async (program, ways) => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice, { deductByMs: 20_000 });
    await env.atProvider(program, 'deduct', 'slow', { delayMs: 3_000 });
    const first = env.redeem(request).catch((error: unknown) => error);
    await env.until(request, 'deducting');
    await delay(300);
    for (const way of ways) await meddle(workflowIdOf('redemption', request), way);
    await first;
    await delay(6_000);
    const taken = (await env.moved(alice)).filter((points) => points < 0);
    await env.voidSale(request);
    await env.ended(request);
    expect(taken).toEqual([-200]);
    expect(await env.moved(alice)).toEqual([-200, 200]);
  },
  60_000,
);
