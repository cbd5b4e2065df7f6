import { QueryNotRegisteredError, type Client } from '@temporalio/client';
import type { Deduction } from '../domain/orders.ts';
import type { RedemptionView } from '../domain/redemption-view.ts';
import { saleIdIn } from '../domain/temporal-names.ts';
import { keyRingOf } from '../encryption/client-keys.ts';
import { EncryptionCodec } from '../encryption/codec.ts';
import type { Programs } from '../programs/programs.ts';
import { ON_COURSE, searchAttributes } from '../workflows/search-attributes.ts';
import { withoutContent } from '../temporal/without-content.ts';
import { programOf } from './request-check.ts';
import { memberHashOf } from './start-options.ts';
import { where } from './visibility-query.ts';

/** Covers the time from which a provider's history is read: a day and a half before the deduction, because of time zones. */
const LOOK_BACK_MS = 2 * 86_400_000;
const QUERY_LIMIT_MS = 5_000;

/**
 * Returns the ids of the redemptions that claim this provider reference. Search covers those that left the normal course. The
 * member's others are queried one by one. It rejects if one of them does not answer, because the owner is then unknown. What
 * a stranger's run says of itself in search is no claim.
 */
export async function redemptionsWith(
  temporal: Client,
  programs: Programs,
  { program, member, since }: Deduction & { readonly program: string },
  reference: string,
): Promise<string[]> {
  const { workflow: search } = withoutContent(temporal);
  const inProgram = where(searchAttributes.program.name, program);
  const found = new Set<string>();
  const holding = [...inProgram, ...where(searchAttributes.reference.name, reference)];
  for await (const run of search.list({ query: holding.join(' AND ') }))
    if (await mayBeOurs(temporal, run)) found.add(saleIdIn(run.workflowId).redemptionId);

  const hash = memberHashOf(temporal, programOf(programs, program), member);
  const ofTheMember = [
    ...inProgram,
    ...where(searchAttributes.member.name, hash),
    ...where(searchAttributes.status.name, ON_COURSE),
    `WorkflowType = 'redemption'`,
    `StartTime > '${new Date(Date.parse(since) - LOOK_BACK_MS).toISOString()}'`,
  ];
  for await (const run of search.list({ query: ofTheMember.join(' AND ') })) {
    if (!(await mayBeOurs(temporal, run))) continue;
    // Closed runs answer too, however they ended.
    const handle = temporal.workflow.getHandle(run.workflowId, run.runId);
    const view = await temporal
      .withDeadline(Date.now() + QUERY_LIMIT_MS, () => handle.query<RedemptionView>('status'))
      .catch((error: unknown) => {
        // It refused to run, so it has deducted nothing: somebody without the keys had started it.
        if (error instanceof QueryNotRegisteredError) return undefined;
        throw error;
      });
    if (view?.providerReference === reference) found.add(saleIdIn(run.workflowId).redemptionId);
  }
  return [...found];
}

/** Whether the start of the run was encrypted for it with our keys, or with one that this process lacks and another may have. */
async function mayBeOurs(
  temporal: Client,
  { workflowId, runId }: { readonly workflowId: string; readonly runId: string },
): Promise<boolean> {
  const { namespace } = temporal.options;
  const { history } = await temporal.workflowService.getWorkflowExecutionHistory({
    namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const [start] =
    history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  const codec = new EncryptionCodec(keyRingOf(temporal));
  const context = { type: 'workflow', namespace, workflowId } as const;
  return start !== undefined && codec.mayHaveSealed(start, context);
}
