/** What a sale costs the server, as exact numbers: a change that costs shows in docs/reference/cost.md, and so in review. */
import { expect, it } from 'vitest';
import { workflowIdOf } from '../../../src/domain/temporal-names.ts';
import { sandboxKeyRing } from '../../../src/encryption/key-ring.ts';
import { connectPrograms } from '../../../src/worker/connect-programs.ts';
import { awaited } from '../../support/awaited.ts';
import { costOf, sumOf, type Cost } from '../../support/cost.ts';
import { bothPrograms } from '../../support/program-variants.ts';
import type { ProgramId } from '../../support/sandbox-client.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';
import { documentOf, keyOf, type SaleCost } from './document.ts';
import { endings, type Ending, type Sale } from './endings.ts';

const LIMIT_MS = 200_000;

const env = useTestEnvironment();

it(
  'every ending costs what docs/reference/cost.md says',
  async () => {
    const costs = new Map<string, SaleCost>();
    for (const program of bothPrograms)
      for (const ending of endings)
        if (ending.only === undefined || ending.only === program)
          costs.set(keyOf(program, ending.name), await costOfEnding(program, ending));
    await expect(documentOf(costs)).toMatchFileSnapshot('../../../docs/reference/cost.md');
  },
  LIMIT_MS,
);

async function costOfEnding(program: ProgramId, ending: Ending): Promise<SaleCost> {
  const { points = 1_000, state } = ending.member ?? {};
  const member = await env.sandbox.member(program, points, state);
  const request = env.request(member, {
    ...(ending.variant !== undefined && { program: `${program}-${ending.variant}` }),
    ...ending.request,
  });
  const sale: Sale = { program, member, request };
  await ending.prepare?.(env, sale);
  await Promise.all([env.redeem(request), ending.meanwhile?.(env, sale)]);
  await ending.drive?.(env, sale);
  expect(await env.ended(request)).toMatchObject(ending.ends);
  return { sale: await costOfRuns(sale), locks: await costOfLocks(sale) };
}

async function costOfRuns({ request: { program, redemptionId } }: Sale): Promise<Cost> {
  const { client } = env.server;
  const types = ['redemption', 'reversal', 'watch', 'case'] as const;
  return sumOf(
    await Promise.all(
      types.map((type) => costOf(client, workflowIdOf(type, { program, redemptionId }))),
    ),
  );
}

/** Each deduction takes the member's lock, and every lock of one member has the same name. */
async function costOfLocks({ member, request }: Sale): Promise<Cost> {
  const { client } = env.server;
  const name = connectPrograms(env.programs, sandboxKeyRing)
    .get(request.program)
    ?.lockNameOf(member.memberId);
  if (name === undefined) throw new Error(`no program ${request.program}`);
  const latest = await costOf(client, name);
  if (latest.events === 0) return latest;
  const { runId } = await client.workflow.getHandle(name).describe();
  const runs = new Set<string>();
  // The list lags behind a little, and in the order of the runs.
  await awaited('the latest lock in the list', async () => {
    for await (const run of client.workflow.list({ query: `WorkflowId = "${name}"` }))
      runs.add(run.runId);
    return runs.has(runId);
  });
  return sumOf(await Promise.all([...runs].map((run) => costOf(client, name, run))));
}
