import type { Client } from '@temporalio/client';
import type { Deduction } from '../domain/orders.ts';
import type { RedemptionView } from '../domain/redemption-view.ts';
import { saleIdIn } from '../domain/temporal-names.ts';
import type { Programs } from '../programs/programs.ts';
import { ON_COURSE, searchAttributes } from '../workflows/search-attributes.ts';
import { where } from './redemption-list.ts';
import { programOf } from './request-check.ts';
import { memberHashOf } from './start-options.ts';

/** A provider's history is read from a day or so before the deduction, for its clock may be in any zone. */
const LOOK_BACK_MS = 2 * 86_400_000;
const QUERY_LIMIT_MS = 5_000;

/**
 * The ids of the redemptions that hold this reference of the provider as theirs, among those that can be the order's. Search
 * knows it of sales that left their course; the others of the same member are asked, one by one.
 * Rejects when one of them does not answer: then it is not known whose it is.
 */
export async function redemptionsWith(
  temporal: Client,
  programs: Programs,
  { program, member, since }: Deduction & { readonly program: string },
  reference: string,
): Promise<string[]> {
  const inProgram = where(searchAttributes.program.name, program);
  const found = new Set<string>();
  const holding = [...inProgram, ...where(searchAttributes.reference.name, reference)];
  for await (const { workflowId } of temporal.workflow.list({ query: holding.join(' AND ') }))
    found.add(saleIdIn(workflowId).redemptionId);

  const hash = memberHashOf(temporal, programOf(programs, program), member);
  const ofTheMember = [
    ...inProgram,
    ...where(searchAttributes.member.name, hash),
    ...where(searchAttributes.status.name, ON_COURSE),
    `WorkflowType = 'redemption'`,
    `StartTime > '${new Date(Date.parse(since) - LOOK_BACK_MS).toISOString()}'`,
  ];
  for await (const run of temporal.workflow.list({ query: ofTheMember.join(' AND ') })) {
    // Closed runs answer, too, however they ended.
    const handle = temporal.workflow.getHandle(run.workflowId, run.runId);
    const { providerReference } = await temporal.withDeadline(Date.now() + QUERY_LIMIT_MS, () =>
      handle.query<RedemptionView>('status'),
    );
    if (providerReference === reference) found.add(saleIdIn(run.workflowId).redemptionId);
  }
  return [...found];
}
