/** Carries out Loyalife's calls, once their form has been checked. */
import { randomUUID } from 'node:crypto';
import { travelMiles } from '../programs/sandbox.ts';
import type { Member, Movement } from './ledger.ts';
import { codes, failure, stateCodes, success } from './loyalife-envelope.ts';
import type { Availability, HistoryQuery, Redemption, Reversal } from './loyalife-requests.ts';
import { countBreach, type Answer, type Sandbox } from './service.ts';
import type { Switches } from './switches.ts';

const program = travelMiles.id;

export function availablePoints({ ledger }: Sandbox, asked: Availability): Answer {
  const member = ledger.member(program, asked.RelationReference);
  return refusalOf(member) ?? success(member?.points);
}

/** Refuses an overspend itself, and knows no idempotency: the same request again redeems again. */
export function redeem({ ledger }: Sandbox, asked: Redemption): Answer {
  const member = ledger.member(program, asked.RelationReference);
  if (member === undefined) return failure(codes.memberUnknown);
  const refusal = refusalOf(member);
  if (refusal !== undefined) return refusal;
  if (member.points < asked.Points) return failure(codes.insufficientPoints);
  const reference = newReference();
  ledger.commit({
    type: 'movement',
    movement: {
      program,
      memberId: member.memberId,
      kind: 'deduct',
      points: -asked.Points,
      reference,
      at: new Date().toISOString(),
      spelling: asked.RelationReference,
      merchantName: asked.MerchantName,
      loyaltyTxnType: asked.LoyaltyTxnType,
    },
  });
  return success(reference);
}

/**
 * Gives the whole redemption back, once, if the request repeats its RelationReference and MerchantName. The member's state
 * does not matter, because no code of the contract refuses it.
 */
export function reverse(sandbox: Sandbox, asked: Reversal): Answer {
  const { ledger, switches } = sandbox;
  const refuse = (why: string) => {
    countBreach(sandbox, 'loyalife', 'POST /lbms-ingress/pg-lm/API/PG/ReversalPoints', why);
    return failure(codes.badRequest, why);
  };
  const known = ledger.movements.filter(
    (movement) => movement.program === program && movement.reference === asked.ExternalReference,
  );
  const redemption = known.find((movement) => movement.kind === 'deduct');
  if (redemption === undefined) return refuse('ExternalReference is of no redemption');
  if (redemption.spelling !== asked.RelationReference)
    return refuse("RelationReference is not the redemption's");
  if (redemption.merchantName !== asked.MerchantName)
    return refuse("MerchantName is not the redemption's");
  if (known.some((movement) => movement.kind === 'restore'))
    return failure(switches.secondReversalCode, 'Transaction cannot be reversed');
  ledger.commit({
    type: 'movement',
    movement: {
      ...redemption,
      kind: 'restore',
      points: -redemption.points,
      at: new Date().toISOString(),
    },
  });
  return success(true);
}

/** Returns the rows of the window, newest first. All times are in the deployment's zone, and do not say so. */
export function memberHistory({ ledger, switches }: Sandbox, asked: HistoryQuery): Answer {
  const member = ledger.member(program, asked.RelationReference);
  if (member === undefined) return failure(codes.memberUnknown);
  const offsetMs = switches.historyOffsetMinutes * 60_000;
  const from = Date.parse(`${asked.DateFrom}Z`) - offsetMs;
  const to = Date.parse(`${asked.DateTo}Z`) - offsetMs;
  const rows = ledger.movements
    .map((movement, index) => ({ movement, id: index + 1 }))
    .filter(({ movement }) => movement.program === program && movement.memberId === member.memberId)
    .filter(({ movement }) => Date.parse(movement.at) >= from && Date.parse(movement.at) <= to)
    .toReversed()
    .map(({ movement, id }) => row(movement, id, offsetMs, switches));
  return success(rows.slice(asked.MinimumRange, asked.MaximumRange), { Count: rows.length });
}

function row(
  movement: Movement,
  id: number,
  offsetMs: number,
  { historyMerchantName, historyPositiveRows }: Switches,
) {
  const at = new Date(Date.parse(movement.at) + offsetMs).toISOString().replace('Z', '');
  return {
    Id: id,
    Points: historyPositiveRows ? Math.abs(movement.points) : movement.points,
    TransactionDate: at,
    ProcessingDate: at,
    ExternalReference: movement.reference,
    LoyaltyTxnType: movement.loyaltyTxnType,
    TransactionType: movement.points < 0 ? 'Redemption' : 'Reversal',
    MerchantName: historyMerchantName ? (movement.merchantName ?? null) : null,
    Narration: movement.points < 0 ? 'Points redeemed' : 'Points reversed',
    AdditionalDetail: null,
  };
}

function refusalOf(member: Member | undefined): Answer | undefined {
  if (member === undefined) return failure(codes.memberUnknown);
  const code = stateCodes[member.state];
  return code === undefined ? undefined : failure(code);
}

export function newReference(): string {
  return randomUUID().toUpperCase();
}
