/**
 * What an answer leads to, by hand, from docs/concepts/redemption.md. A standing is where a sale waits: the
 * run that waits, its reason, and what else decides. What is wrong with the world stays wrong.
 */
import type { ActKind } from '../../../../src/domain/acts.ts';
import type { AttentionReason } from '../../../../src/domain/statuses.ts';

/** An operator's act, or an event of the payment. `captureInFull` brings the whole basket. */
export type Answer = ActKind | 'capture' | 'captureInFull' | 'void';

export type Next =
  /** The operator is refused, because the reference cannot be adopted; nothing changes. */
  | { readonly refused: true }
  /** Says what decides. Another test drives it. */
  | { readonly untold: string }
  /** It is recorded, and the sale goes on waiting as before, unless it is another standing from then on. */
  | { readonly recorded: Standing | 'same' }
  /** The sale waits for an operator again, told once more. */
  | { readonly asks: Standing | 'same' }
  /** An ending, and the sum of all that moved at the provider. */
  | { readonly ends: string; readonly moved: number };

const refused: Next = { refused: true };
const again: Next = { asks: 'same' };
const same: Next = { recorded: 'same' };
const ends = (ending: string, moved: number): Next => ({ ends: ending, moved });
const recorded = (standing: Standing): Next => ({ recorded: standing });
const asks = (standing: Standing): Next => ({ asks: standing });

/** The points of the sale. */
export const POINTS = 200;
const SPENT = -POINTS;
const PAID_NOTHING = { capture: same, captureInFull: same } as const;
/** paid-in-full.test.ts drives it; here it is told where nothing else is wrong. */
const PAID_LATE = {
  capture: same,
  captureInFull: { untold: 'recorded: deduct-again then asks for discount-not-applied first' },
} as const;

export type Standing =
  | 'deduction-unknown'
  | 'deduction-unknown, voided'
  | 'deduction-not-applied'
  | 'deduction-not-applied, voided'
  | 'payment-unknown'
  | 'discount-not-applied'
  | 'cancellation-refused'
  | 'restoration-refused'
  | 'restoration-not-applied'
  | 'restoration-unknown'
  | 'restoration-doubled'
  | 'watch: deduction-unknown'
  | 'watch: deduction-not-applied'
  | 'watch: restoration-refused'
  | 'reversal: cancellation-refused'
  | 'reversal: restoration-refused'
  | 'case: late-capture'
  | 'case: late-capture, paid in full'
  | 'case: discount-not-applied'
  | 'case: late-capture, overspent'
  | 'case: late-capture, answers lost'
  | 'case: late-capture, taken unseen'
  | 'case: late-capture, never applied'
  | 'case: late-capture, nothing undone'
  | 'case: deduction-unknown'
  | 'case: deduction-unknown, voided'
  | 'case: deduction-not-applied'
  | 'case: deduction-not-applied, voided'
  | 'case: cancellation-refused'
  | 'case: restoration-refused'
  | 'case: restoration-refused, voided';

/** An act that a row does not name is refused where it is an operator's, and recorded where it is a payment's. */
export const oracle: Readonly<Record<Standing, Partial<Readonly<Record<Answer, Next>>>>> = {
  // Never guessed: a void of a sale whose deduction is unknown waits for the answer, and then counts.
  'deduction-unknown': {
    retry: again,
    adopt: ends('compensated: too-late', 0),
    'not-deducted': ends('declined: provider-failed', SPENT),
    ...PAID_NOTHING,
    void: recorded('deduction-unknown, voided'),
  },
  'deduction-unknown, voided': {
    retry: again,
    adopt: ends('compensated: too-late', 0),
    'not-deducted': ends('declined: voided', SPENT),
    ...PAID_NOTHING,
    void: same,
  },
  // What moved no points cannot be adopted, because there is nothing to give back.
  'deduction-not-applied': {
    retry: again,
    adopt: refused,
    'not-deducted': ends('declined: provider-failed', 0),
    ...PAID_NOTHING,
    void: recorded('deduction-not-applied, voided'),
  },
  'deduction-not-applied, voided': {
    retry: again,
    adopt: refused,
    'not-deducted': ends('declined: voided', 0),
    ...PAID_NOTHING,
    void: same,
  },
  'payment-unknown': {
    retry: again,
    capture: ends('completed', SPENT),
    captureInFull: asks('discount-not-applied'),
    void: ends('compensated: payment-voided', 0),
  },
  'discount-not-applied': {
    accept: ends('completed', SPENT),
    capture: same,
    captureInFull: same,
    void: ends('compensated: payment-voided', 0),
  },
  // Points go back only after the cancellation succeeded.
  'cancellation-refused': {
    retry: again,
    accept: ends('completed', SPENT),
    ...PAID_NOTHING,
    void: same,
  },
  // `restored` says that a person gave the points back by hand, so the provider moved none for us.
  'restoration-refused': {
    retry: again,
    restored: ends('compensated: payment-voided', SPENT),
    ...PAID_NOTHING,
    void: same,
  },
  'restoration-not-applied': {
    retry: again,
    restored: ends('compensated: payment-voided', SPENT),
    ...PAID_NOTHING,
    void: same,
  },
  // The points did go back, and nobody can see it; `retry` sends nothing before it has looked.
  'restoration-unknown': {
    retry: again,
    restored: ends('compensated: payment-voided', 0),
    ...PAID_NOTHING,
    void: same,
  },
  // The second one, which was not ours, went back twice; a person takes the surplus at the provider.
  'restoration-doubled': {
    retry: again,
    restored: ends('compensated: payment-voided', POINTS),
    ...PAID_NOTHING,
    void: same,
  },

  'watch: deduction-unknown': {
    retry: again,
    adopt: ends('compensated: late-deduction', 0),
    'not-deducted': ends('declined: provider-failed', SPENT),
    ...PAID_NOTHING,
    void: same,
  },
  'watch: deduction-not-applied': {
    retry: again,
    adopt: refused,
    'not-deducted': ends('declined: provider-failed', 0),
    ...PAID_NOTHING,
    void: same,
  },
  'watch: restoration-refused': {
    retry: again,
    restored: ends('compensated: late-deduction', SPENT),
    ...PAID_NOTHING,
    void: same,
  },

  'reversal: cancellation-refused': {
    retry: again,
    accept: ends('completed', SPENT),
    ...PAID_NOTHING,
    void: same,
  },
  'reversal: restoration-refused': {
    retry: again,
    restored: ends('compensated: payment-voided', SPENT),
    ...PAID_NOTHING,
    void: same,
  },

  'case: late-capture': {
    'deduct-again': ends('completed', SPENT),
    accept: ends('compensated: payment-timed-out', 0),
    capture: same,
    captureInFull: recorded('case: late-capture, paid in full'),
    void: ends('compensated: payment-timed-out', 0),
  },
  // The whole basket was paid, so there may be no discount to take points for.
  'case: late-capture, paid in full': {
    'deduct-again': asks('case: discount-not-applied'),
    accept: ends('compensated: payment-timed-out', 0),
    ...PAID_NOTHING,
    void: ends('compensated: payment-timed-out', 0),
  },
  'case: discount-not-applied': {
    accept: ends('completed', SPENT),
    ...PAID_NOTHING,
    void: ends('compensated: payment-timed-out', 0),
  },
  // Never overspent: what was taken with the balance below zero goes back, and the shop decides again.
  'case: late-capture, overspent': {
    'deduct-again': asks('case: late-capture, overspent'),
    accept: ends('compensated: payment-timed-out', 0),
    ...PAID_LATE,
    void: ends('compensated: payment-timed-out', 0),
  },
  'case: late-capture, answers lost': {
    'deduct-again': asks('case: deduction-unknown'),
    accept: ends('compensated: payment-timed-out', 0),
    ...PAID_LATE,
    void: ends('compensated: payment-timed-out', 0),
  },
  // The operator said that nothing was deducted, and was wrong: the watch finds it later.
  'case: late-capture, taken unseen': {
    // Where there is a member lock, the unseen deduction holds it for half a minute.
    'deduct-again': { untold: 'depends on the member lock, which the unseen deduction may hold' },
    accept: ends('compensated: payment-timed-out', SPENT),
    ...PAID_LATE,
    void: ends('compensated: payment-timed-out', SPENT),
  },
  'case: late-capture, never applied': {
    'deduct-again': asks('case: deduction-not-applied'),
    accept: ends('compensated: payment-timed-out', 0),
    ...PAID_LATE,
    void: ends('compensated: payment-timed-out', 0),
  },
  'case: late-capture, nothing undone': {
    'deduct-again': asks('case: restoration-refused'),
    accept: ends('compensated: payment-timed-out', SPENT),
    ...PAID_LATE,
    void: ends('compensated: payment-timed-out', SPENT),
  },
  'case: deduction-unknown': {
    retry: again,
    adopt: ends('completed', SPENT),
    'not-deducted': asks('case: late-capture, taken unseen'),
    ...PAID_LATE,
    void: recorded('case: deduction-unknown, voided'),
  },
  'case: deduction-unknown, voided': {
    retry: again,
    adopt: ends('compensated: payment-voided', 0),
    'not-deducted': ends('compensated: payment-timed-out', SPENT),
    ...PAID_NOTHING,
    void: same,
  },
  'case: deduction-not-applied': {
    retry: again,
    adopt: refused,
    'not-deducted': asks('case: late-capture, never applied'),
    ...PAID_LATE,
    void: recorded('case: deduction-not-applied, voided'),
  },
  'case: deduction-not-applied, voided': {
    retry: again,
    adopt: refused,
    'not-deducted': ends('compensated: payment-timed-out', 0),
    ...PAID_NOTHING,
    void: same,
  },
  // The customer paid, and keeps what the points bought.
  'case: cancellation-refused': {
    retry: again,
    accept: ends('completed', SPENT),
    ...PAID_NOTHING,
    void: same,
  },
  'case: restoration-refused': {
    retry: again,
    restored: asks('case: late-capture, nothing undone'),
    ...PAID_LATE,
    void: recorded('case: restoration-refused, voided'),
  },
  'case: restoration-refused, voided': {
    retry: again,
    restored: ends('compensated: payment-timed-out', SPENT),
    ...PAID_NOTHING,
    void: same,
  },
};

export function reasonOf(standing: Standing): AttentionReason {
  return standing.replace(/^\w+: /, '').replace(/,.*$/, '') as AttentionReason;
}
