/** Asks the ledgers whether the promise was kept: never twice, never lost, never overspent, and every status true. */
import type { ActKind } from '../../../src/domain/acts.ts';
import type { RedemptionView } from '../../../src/index.ts';
import type {
  FulfilmentRecord,
  Member,
  Movement,
  Violation as BrokenContract,
} from '../../../src/sandbox/ledger.ts';
import type { Driven } from './drive.ts';
import type { MemberPlan } from './plan.ts';

/** What it reads of the sandbox's ledger. */
export interface AuditedLedger {
  readonly members: readonly Pick<Member, 'program' | 'memberId' | 'points' | 'lowest'>[];
  readonly movements: readonly Movement[];
  readonly fulfilments: readonly Pick<FulfilmentRecord, 'redemptionId' | 'state' | 'times'>[];
  readonly violations: readonly Pick<BrokenContract, 'service' | 'call' | 'why'>[];
}

export type Breach = 'lost' | 'doubled' | 'below zero' | 'untrue' | 'stuck' | 'unlawful';

export interface Violation {
  readonly breach: Breach;
  /** Absent where it is no single sale's. */
  readonly redemptionId?: string;
  readonly what: string;
}

/** A sale that was driven, and where it stood when everything had come to rest. */
export interface Ended extends Driven {
  readonly view: RedemptionView;
  readonly isAtRest: boolean;
}

export function audit(
  members: readonly MemberPlan[],
  sales: readonly Ended[],
  ledger: AuditedLedger,
): Violation[] {
  return [
    ...sales.flatMap((sale) => [
      ...auditPoints(sale, ledger),
      ...auditAnswers(sale, ledger),
      ...auditFulfilment(sale, ledger),
    ]),
    ...auditMembers(members, ledger),
    ...auditOwners(sales, ledger),
    ...ledger.violations.map(({ service, call, why }): Violation => ({
      breach: 'unlawful',
      what: `${service} was called against its contract (${call}): ${why}`,
    })),
  ];
}

/** White Label Loyalty is told the redemption; at Loyalife each sale has a spelling of its own. */
export function movementsOf(
  { plan: { request } }: Driven,
  { movements }: AuditedLedger,
): Movement[] {
  return movements.filter((movement) => isOf(request, movement));
}

function isOf(
  { program, redemptionId, member }: Driven['plan']['request'],
  movement: Movement,
): boolean {
  if (movement.program !== program) return false;
  return program === 'coffee-club'
    ? movement.redemptionId?.split('~')[0] === redemptionId
    : movement.spelling === member;
}

/** How often an operator said this of the sale. */
function timesSaid({ view }: Ended, act: ActKind): number {
  return view.timeline.filter(({ what }) => what.startsWith(`olivia: ${act} `)).length;
}

/** What the points of a sale may add up to where it waits for an operator: taken, back, or either. */
const attentionSums: Readonly<Record<string, readonly ('taken' | 'none')[]>> = {
  'deduction-unknown': ['taken', 'none'],
  'deduction-not-applied': ['taken', 'none'],
  'payment-unknown': ['taken'],
  'cancellation-refused': ['taken'],
  'restoration-refused': ['taken', 'none'],
  'restoration-unknown': ['taken', 'none'],
  'restoration-not-applied': ['taken', 'none'],
  'discount-not-applied': ['taken'],
  'late-capture': ['none'],
};

function auditPoints(sale: Ended, ledger: AuditedLedger): Violation[] {
  const { view, plan } = sale;
  const { redemptionId, points } = plan.request;
  const movements = movementsOf(sale, ledger);
  const taken = movements.filter(({ kind }) => kind === 'deduct');
  const back = movements.filter(({ kind }) => kind === 'restore');
  const sum = movements.reduce((total, movement) => total + movement.points, 0);
  const stands = view.reason === undefined ? view.status : `${view.status}: ${view.reason}`;
  const found: Violation[] = [];
  const report = (breach: Breach, what: string) =>
    found.push({ breach, redemptionId, what: `${what}; it is ${stands}` });

  // An operator may take them again from a customer who paid late.
  const most = 1 + timesSaid(sale, 'deduct-again');
  if (taken.length > most) report('doubled', `its points were taken ${taken.length} times`);
  if (back.length > taken.length) report('doubled', `given back ${back.length} times`);
  if (movements.some((movement) => Math.abs(movement.points) !== points))
    report(
      'doubled',
      `not ${points} points were moved but ${movements.map((movement) => movement.points).join(', ')}`,
    );
  const latest = taken.at(-1);
  if (latest !== undefined && (view.providerReference ?? latest.reference) !== latest.reference)
    report('untrue', `${view.providerReference} is not the reference of what was taken`);

  switch (view.status) {
    case 'completed':
      if (sum !== -points) report('untrue', `the movements add up to ${sum}, not ${-points}`);
      break;
    case 'declined':
      if (sum < 0) report('lost', `${-sum} points are gone`);
      else if (taken.length > 0) report('untrue', 'points were taken, and nobody was told');
      break;
    case 'compensated':
      if (sum < 0) report('lost', `${-sum} points are gone`);
      else if (taken.length === 0) report('untrue', 'nothing was ever taken');
      break;
    case 'needs-attention': {
      const state = sum === 0 ? 'none' : sum === -points ? 'taken' : undefined;
      const fitting = attentionSums[view.reason ?? ''] ?? [];
      if (state === undefined || !fitting.includes(state))
        report('untrue', `the movements add up to ${sum}`);
      break;
    }
    default:
      report('stuck', `the movements add up to ${sum}`);
  }
  if (!sale.isAtRest) report('stuck', 'it does not come to an end');
  return found;
}

function auditAnswers(sale: Ended, ledger: AuditedLedger): Violation[] {
  const { view, answers, isVoided, errors, plan } = sale;
  const { redemptionId } = plan.request;
  const found: Violation[] = [];
  const report = (breach: Breach, what: string) => found.push({ breach, redemptionId, what });
  const taken = movementsOf(sale, ledger).find(({ kind }) => kind === 'deduct');

  for (const { granted, at } of answers)
    if (granted && !(taken !== undefined && Date.parse(taken.at) <= at))
      report('untrue', 'a till was granted the discount before the points were taken');
  const isTakenAgain = timesSaid(sale, 'deduct-again') > 0;
  if (view.status === 'completed' && !isTakenAgain && answers.some(({ granted }) => !granted))
    report('untrue', 'a till was refused the discount, and yet it is completed');
  // An operator may leave the customer what cannot be taken back.
  if (view.status === 'completed' && isVoided && timesSaid(sale, 'accept') === 0)
    report('lost', 'it was voided, and yet it is completed');
  for (const error of errors) report('unlawful', error);
  return found;
}

function auditFulfilment({ view, plan }: Ended, { fulfilments }: AuditedLedger): Violation[] {
  const { redemptionId } = plan.request;
  const given = fulfilments.find((fulfilment) => fulfilment.redemptionId === redemptionId);
  const found: Violation[] = [];
  const report = (breach: Breach, what: string) => found.push({ breach, redemptionId, what });
  if ((given?.times ?? 0) > 1) report('doubled', `it was fulfilled ${given?.times} times`);
  if (view.status === 'completed' && given?.state !== 'fulfilled')
    report('lost', `it is completed, and its fulfilment ${given?.state ?? 'was never asked for'}`);
  const isOver = view.status === 'declined' || view.status === 'compensated';
  if (isOver && given !== undefined && given.state !== 'cancelled')
    report('untrue', `it is ${view.status}, and its fulfilment ${given.state}`);
  return found;
}

function auditMembers(plans: readonly MemberPlan[], ledger: AuditedLedger): Violation[] {
  return plans.flatMap(({ program, memberId, points }): Violation[] => {
    const member = ledger.members.find(
      (candidate) => candidate.program === program && candidate.memberId === memberId,
    );
    const moved = ledger.movements
      .filter((movement) => movement.program === program && movement.memberId === memberId)
      .reduce((sum, movement) => sum + movement.points, 0);
    if (member === undefined || member.points !== points + moved)
      return [{ breach: 'untrue', what: `the balance of ${memberId} is not its movements' sum` }];
    return member.lowest < 0
      ? [{ breach: 'below zero', what: `${memberId} stood at ${member.lowest}` }]
      : [];
  });
}

/** Every movement is of one of our sales, and what names a sale at Loyalife names one alone. */
function auditOwners(sales: readonly Ended[], { movements }: AuditedLedger): Violation[] {
  const found: Violation[] = [];
  const ownerOfName = new Map<string, string>();
  for (const movement of movements) {
    const owner = sales.find(({ plan }) => isOf(plan.request, movement));
    if (owner === undefined) {
      found.push({ breach: 'untrue', what: `nobody's movement: ${JSON.stringify(movement)}` });
      continue;
    }
    const { redemptionId } = owner.plan.request;
    const { merchantName } = movement;
    if (merchantName === undefined) continue;
    const other = ownerOfName.get(merchantName) ?? redemptionId;
    ownerOfName.set(merchantName, redemptionId);
    if (other !== redemptionId)
      found.push({
        breach: 'untrue',
        redemptionId,
        what: `${other} is named the same at Loyalife`,
      });
  }
  return found;
}
