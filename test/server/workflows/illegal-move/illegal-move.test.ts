/** A move that the table lacks is a fault of ours. It holds up no run that holds points: a person sees it and settles it. */
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { failureConverterPath } from '../../../../src/encryption/data-converter.ts';
import { useTestEnvironment } from '../../../support/use-environment.ts';
import { ACT } from '../../../support/words.ts';

const env = useTestEnvironment();
const { moved } = env;

beforeAll(async () => {
  const workflows = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('workflows.ts', import.meta.url)),
    failureConverterPath,
    logger: new DefaultLogger('ERROR'),
  });
  await env.stopWorker();
  await env.startWorker({ workflows });
});

async function halted() {
  const alice = await env.sandbox.member('coffee-club', 1_000);
  const request = env.request(alice);
  await env.redeem(request);
  await env.capture(request);
  const view = await env.until(request, 'needs-attention');
  expect(view).toMatchObject({
    reason: 'illegal-move',
    granted: false,
    acts: ['restored', 'accept'],
    message: expect.stringContaining('illegal move from fulfilling to completed'),
  });
  expect(await moved(alice)).toEqual([-200]);
  const { program, redemptionId } = request;
  return { alice, request, sale: { program, redemptionId } };
}

it('the sale stands when a person accepts it', async () => {
  const { alice, request, sale } = await halted();
  await expect(env.client.retry(sale, ACT)).rejects.toMatchObject({ code: 'refused' });
  await env.client.resolve(sale, { ...ACT, resolution: 'accept' });
  expect(await env.ended(request)).toMatchObject({ status: 'completed', granted: true });
  expect(await moved(alice)).toEqual([-200]);
});

it('a person gives the points back by hand', async () => {
  const { alice, request, sale } = await halted();
  await env.client.resolve(sale, { ...ACT, resolution: 'restored' });
  expect(await env.ended(request)).toMatchObject({ status: 'compensated', reason: 'operator' });
  expect(await moved(alice)).toEqual([-200]);
});
