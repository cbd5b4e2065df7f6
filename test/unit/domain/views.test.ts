/** What is shown of a sale, and to whom: its view, its line, what the POS is told, and how its runs are called. */
import { describe, expect, it } from 'vitest';
import { RedemptionError } from '../../../src/domain/errors.ts';
import { followUpSummary, openingOf } from '../../../src/domain/follow-ups.ts';
import { isNotified } from '../../../src/domain/notification.ts';
import { isOurs, marked, received } from '../../../src/domain/provenance.ts';
import { IllegalMove, RedemptionState } from '../../../src/domain/redemption-state.ts';
import type { Opening } from '../../../src/domain/redemption-view.ts';
import { isDecided, isGranted, statuses, type Status } from '../../../src/domain/statuses.ts';
import { summaryOf } from '../../../src/domain/summary.ts';
import { saleIdIn, workflowIdOf } from '../../../src/domain/temporal-names.ts';
import { timeText } from '../../../src/domain/time-text.ts';

const AT = new Date('2026-11-24T10:00:00.000Z');
const GBP = (amount: string) => ({ amount, currency: 'GBP' });
const opening: Opening = {
  program: 'coffee-club',
  redemptionId: 'R1',
  store: 'S1',
  status: 'checking-balance',
  points: 0,
  discount: GBP('0.00'),
};

describe('the view of a sale', () => {
  it('holds nothing that is not known', () => {
    expect(new RedemptionState(opening).view()).toStrictEqual({
      ...opening,
      granted: false,
      timeline: [],
    });
  });

  it('holds what the run learns, and the explanation of its present status alone', () => {
    const state = new RedemptionState(opening);
    state.quoted(500, GBP('5.00'));
    state.move('deducting', AT);
    state.deducted('REF');
    state.move('needs-attention', AT, {
      reason: 'deduction-unknown',
      message: 'look',
      acts: ['retry'],
    });
    const known = { ...opening, points: 500, discount: GBP('5.00'), providerReference: 'REF' };
    const at = AT.toISOString();
    const timeline = [
      { at, what: 'deducting' },
      { at, what: 'needs-attention: deduction-unknown' },
    ];
    expect(state.view()).toStrictEqual({
      ...known,
      status: 'needs-attention',
      reason: 'deduction-unknown',
      granted: false,
      message: 'look',
      acts: ['retry'],
      timeline,
    });
    state.move('awaiting-payment', AT);
    expect(state.view()).toStrictEqual({
      ...known,
      status: 'awaiting-payment',
      granted: true,
      timeline: [...timeline, { at, what: 'awaiting-payment' }],
    });
  });

  it('names the field that was wrong', () => {
    const state = new RedemptionState(opening);
    state.move('declined', AT, { reason: 'rejected', field: 'basket' });
    expect(state.view()).toMatchObject({ field: 'basket', reason: 'rejected' });
  });

  it('asks for a person after an illegal move, from any status', () => {
    const state = new RedemptionState({ ...opening, status: 'completed' });
    expect(() => state.move('deducting', AT)).toThrow(
      expect.objectContaining({
        name: 'IllegalMove',
        message: 'illegal move from completed to deducting',
      }),
    );
    expect(new IllegalMove('x')).toBeInstanceOf(Error);
    state.halt(AT, { reason: 'illegal-move' });
    expect(state.view()).toMatchObject({ status: 'needs-attention', reason: 'illegal-move' });
  });

  it('is no status of the table: then no move is legal', () => {
    const state = new RedemptionState({ ...opening, status: 'unheard-of' as Status });
    expect(() => state.move('completed', AT)).toThrow(IllegalMove);
  });
});

it('the till gives the discount, and has its answer, in these statuses', () => {
  expect(statuses.filter(isGranted)).toEqual(['awaiting-payment', 'fulfilling', 'completed']);
  expect(statuses.filter((status) => !isDecided(status))).toEqual([
    'checking-balance',
    'deducting',
    'resolving-deduction',
  ]);
});

it('the POS is told of trouble, and of what came of it', () => {
  const toldFrom = (from: Status) => statuses.filter((to) => isNotified(from, to));
  const trouble = ['compensating', 'compensated', 'needs-attention'];
  expect(toldFrom('awaiting-payment')).toEqual(trouble);
  expect(toldFrom('needs-attention')).toEqual([
    'awaiting-payment',
    'fulfilling',
    'completed',
    'declined',
    ...trouble,
  ]);
});

it.each([
  [500, '5.00', '500 points for 5.00 GBP at store S1, coffee-club'],
  [500, '0.00', '500 points at store S1, coffee-club'],
  [0, '5.00', '5.00 GBP in points at store S1, coffee-club'],
  [0, '0.00', 'nothing in points at store S1, coffee-club'],
])('the line of a sale of %i points and %s', (points, amount, line) => {
  expect(summaryOf({ ...opening, points, discount: GBP(amount) })).toBe(line);
});

it('times are written for people', () => {
  expect(timeText('2026-11-24T10:11:12.345Z')).toBe('2026-11-24 10:11:12 UTC');
});

describe('what follows a sale', () => {
  const ended = new RedemptionState({ ...opening, status: 'declined', reason: 'voided' }).view();

  it.each([
    ['watch', 'watch for a late deduction', { status: 'declined', reason: 'voided' }],
    ['case', 'late capture', { status: 'needs-attention', reason: 'late-capture' }],
    ['reversal', 'reversal', { status: 'compensating', reason: 'payment-voided' }],
  ] as const)('is called by what it is, and opens on its first step: %s', (type, words, first) => {
    const line = `${words}: nothing in points at store S1, coffee-club`;
    expect(followUpSummary(type, ended)).toBe(line);
    expect(openingOf(type, { ended, captured: [{ paymentId: 'pay-1' }] })).toEqual(first);
  });

  it('opens on its end where a case only remembers a void', () => {
    const facts = { captured: [], voids: [{ paymentId: 'pay-1' }] };
    expect(openingOf('case', { ended, ...facts })).toEqual({
      status: 'declined',
      reason: 'voided',
    });
  });

  it('has an id of its own, which tells its sale', () => {
    const id = workflowIdOf('case', opening);
    expect(id).toBe('case:coffee-club:R1');
    expect(saleIdIn(id)).toEqual({ program: 'coffee-club', redemptionId: 'R1' });
    expect(saleIdIn('case')).toEqual({ program: '', redemptionId: '' });
  });
});

describe('a message', () => {
  it.each([null, undefined, 'text', 7, { eventId: 'e' }])(
    'that was sealed is itself: %j',
    (input) => {
      expect(received(input)).toEqual({ provenance: 'sealed', content: input });
      expect(isOurs(received(input))).toBe(true);
    },
  );

  it.each([
    ['unbound', true],
    ['clear', false],
    ['foreign', false],
  ] as const)('that is marked %s is ours: %s', (provenance, ours) => {
    const message = received(marked(provenance, 'content'));
    expect(message).toEqual({ provenance, content: 'content' });
    expect(isOurs(message)).toBe(ours);
  });
});

it('an error has its code, and its cause where there is one', () => {
  const cause = new Error('why');
  const error = new RedemptionError('conflict', 'no', { field: 'redemptionId', cause });
  expect(error).toMatchObject({
    name: 'RedemptionError',
    code: 'conflict',
    field: 'redemptionId',
    cause,
  });
  expect('cause' in new RedemptionError('conflict', 'no')).toBe(false);
});
