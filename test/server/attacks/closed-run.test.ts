/** A run that closed before anybody asked for its answer still compares what it is asked. */
import { describe, expect, it } from 'vitest';
import { newFingerprint } from '../../../src/client/fingerprint.ts';
import { TASK_QUEUE, workflowIdOf } from '../../../src/domain/temporal-names.ts';
import { bothPrograms } from '../../support/program-variants.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();

describe.each(bothPrograms)(
  'a run of %s that closed before its answer was asked for',
  (program) => {
    it('answers the request that started it, and no other content', async () => {
      const alice = await env.sandbox.member(program, 1_000);
      const request = env.request(alice);
      await env.temporal.workflow.start('redemption', {
        workflowId: workflowIdOf('redemption', request),
        taskQueue: TASK_QUEUE,
        args: [{ request, fingerprint: newFingerprint(request), deductByMs: 10_000, version: 2 }],
      });
      await env.until(request, 'awaiting-payment');
      await env.capture(request);
      await env.ended(request);

      for (const other of [{ store: 'S99' }, { till: 'T99' }, { points: 100 }])
        await expect(env.redeem({ ...request, ...other })).rejects.toMatchObject({
          code: 'conflict',
        });
      expect(await env.redeem(request)).toMatchObject({ status: 'completed', granted: true });
      expect(await env.moved(alice)).toEqual([-200]);
    });
  },
);
