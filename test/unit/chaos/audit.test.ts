/** An audit that sees nothing would let chaos pass whatever happens. */
import { describe, expect, it } from 'vitest';
import type { RedemptionView } from '../../../src/index.ts';
import type { Movement } from '../../../src/sandbox/ledger.ts';
import { audit, type AuditedLedger, type Ended } from '../../system/chaos/audit.ts';
import type { MemberPlan } from '../../system/chaos/plan.ts';

const member: MemberPlan = {
  program: 'coffee-club',
  memberId: 'member-1',
  aliases: [],
  points: 500,
  isRich: false,
};

function sale(view: Partial<RedemptionView>, more: Partial<Ended> = {}): Ended {
  const basket = { amount: '20.00', currency: 'GBP' };
  const request = {
    program: 'coffee-club',
    redemptionId: 'R-1',
    member: 'member-1',
    points: 200,
    basket,
    store: 'S1',
    till: 'T1',
  } as const;
  return {
    plan: { request, memberId: 'member-1', scenario: 'captured', messages: [], repeatsAfterMs: [] },
    answers: [],
    isVoided: false,
    errors: [],
    isAtRest: true,
    view: {
      program: 'coffee-club',
      redemptionId: 'R-1',
      status: 'completed',
      granted: true,
      points: 200,
      discount: { amount: '2.00', currency: 'GBP' },
      store: 'S1',
      timeline: [],
      ...view,
    },
    ...more,
  };
}

const move = (points: number, reference: string): Movement => ({
  program: 'coffee-club',
  memberId: 'member-1',
  kind: points < 0 ? 'deduct' : 'restore',
  points,
  reference,
  at: '2026-01-01T12:00:00.000Z',
  spelling: 'member-1',
  redemptionId: 'R-1',
});
const taken = move(-200, 'first');
const back = move(200, 'back');

function ledger(movements: readonly Movement[], more: Partial<AuditedLedger> = {}): AuditedLedger {
  const points = movements.reduce((sum, movement) => sum + movement.points, member.points);
  return {
    members: [{ program: 'coffee-club', memberId: 'member-1', points, lowest: 0 }],
    movements,
    fulfilments: [{ redemptionId: 'R-1', state: 'fulfilled', times: 1 }],
    violations: [],
    ...more,
  };
}

const breaches = (ended: Ended, kept: AuditedLedger) =>
  audit([member], [ended], kept).map(({ breach }) => breach);

const compensated = { status: 'compensated', reason: 'payment-voided', granted: false } as const;
const cancelled = { fulfilments: [{ redemptionId: 'R-1', state: 'cancelled', times: 1 }] } as const;

describe('the audit of chaos', () => {
  it('finds nothing where points are spent, or back, exactly once', () => {
    expect(breaches(sale({}), ledger([taken]))).toEqual([]);
    expect(breaches(sale(compensated), ledger([taken, back], cancelled))).toEqual([]);
  });

  it('finds points that were taken twice, or given back twice', () => {
    const again = move(-200, 'second');
    expect(breaches(sale({}), ledger([taken, again]))).toContain('doubled');
    const twice = ledger([taken, back, move(200, 'more')], cancelled);
    expect(breaches(sale(compensated), twice)).toContain('doubled');
  });

  it('finds points that are gone', () => {
    expect(breaches(sale(compensated), ledger([taken], cancelled))).toEqual(['lost']);
    const declined = sale({ status: 'declined', reason: 'provider-failed', granted: false });
    expect(breaches(declined, ledger([taken], { fulfilments: [] }))).toEqual(['lost']);
    expect(breaches(sale({}, { isVoided: true }), ledger([taken]))).toEqual(['lost']);
  });

  it('finds a balance that was below zero, or is not the sum of its movements', () => {
    const stood = { program: 'coffee-club', memberId: 'member-1', points: 300 } as const;
    const below = ledger([taken], { members: [{ ...stood, lowest: -1 }] });
    expect(breaches(sale({}), below)).toEqual(['below zero']);
    const wrong = ledger([taken], { members: [{ ...stood, points: 301, lowest: 0 }] });
    expect(breaches(sale({}), wrong)).toEqual(['untrue']);
  });

  it('finds a status that is not true', () => {
    expect(breaches(sale({}), ledger([]))).toContain('untrue');
    const early = { granted: true, status: 'awaiting-payment', at: 0 } as const;
    expect(breaches(sale({}, { answers: [early] }), ledger([taken]))).toEqual(['untrue']);
    const waits = sale({ status: 'needs-attention', reason: 'late-capture', granted: false });
    expect(breaches(waits, ledger([taken], { fulfilments: [] }))).toEqual(['untrue']);
  });

  it('finds a sale that does not come to an end, and a call that no contract allows', () => {
    expect(breaches(sale({}, { isAtRest: false }), ledger([taken]))).toEqual(['stuck']);
    const call = { service: 'loyalife', call: 'deduct', why: 'no signature' };
    expect(breaches(sale({}), ledger([taken], { violations: [call] }))).toEqual(['unlawful']);
  });
});
