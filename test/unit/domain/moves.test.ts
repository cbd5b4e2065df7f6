import { describe, expect, it } from 'vitest';
import { RedemptionState, moves } from '../../../src/domain/redemption-state.ts';
import type { Opening } from '../../../src/domain/redemption-view.ts';
import { isDecided, isGranted, type Status } from '../../../src/domain/statuses.ts';

const statuses = Object.keys(moves) as Status[];
const at = new Date('2026-03-01T10:00:00Z');
const opening: Opening = {
  program: 'coffee-club',
  store: 'S1',
  redemptionId: 'R1',
  status: 'checking-balance',
  points: 500,
  discount: { amount: '5.00', currency: 'GBP' },
};
const newState = () => new RedemptionState(opening);

/** Every status that can be reached from this one. */
function reachable(from: Status, seen = new Set<Status>()): Set<Status> {
  for (const to of moves[from])
    if (!seen.has(to)) {
      seen.add(to);
      reachable(to, seen);
    }
  return seen;
}

describe('the moves of a redemption', () => {
  it('reach every status from the first one', () => {
    expect([...reachable('checking-balance')].sort()).toEqual(
      statuses.filter((status) => status !== 'checking-balance').sort(),
    );
  });

  it('end in three statuses, and nothing leaves those', () => {
    const endings = statuses.filter((status) => moves[status].length === 0);
    expect(endings.sort()).toEqual(['compensated', 'completed', 'declined']);
  });

  it('never go from points taken to declined without an operator', () => {
    for (const taken of ['awaiting-payment', 'fulfilling', 'compensating'] as const)
      expect(moves[taken]).not.toContain('declined');
  });

  it('never grant again once points are being given back', () => {
    expect(moves.compensating.some(isGranted)).toBe(false);
  });

  it('leave an ending only in a workflow that was opened on it', () => {
    const ended = (status: 'completed' | 'declined' | 'compensated') =>
      new RedemptionState({ ...opening, status });
    ended('completed').move('compensating', at, { reason: 'payment-voided' });
    ended('compensated').move('needs-attention', at, { reason: 'late-capture' });
    ended('declined').move('compensating', at, { reason: 'late-deduction' });
    const reversal = ended('completed');
    reversal.move('compensating', at);
    reversal.move('compensated', at);
    expect(() => reversal.move('needs-attention', at)).toThrow('illegal move');
  });

  it('grant only what is decided', () => {
    expect(statuses.filter(isGranted).every(isDecided)).toBe(true);
  });

  it('refuse what the table does not have', () => {
    expect(() => newState().move('completed', at)).toThrow(
      'illegal move from checking-balance to completed',
    );
  });

  it('leave a timeline and drop the reason of the status before', () => {
    const state = newState();
    state.move('deducting', at);
    state.move('compensating', at, { reason: 'too-late' });
    expect(state.view()).toMatchObject({
      status: 'compensating',
      reason: 'too-late',
      granted: false,
    });
    state.move('compensated', at);
    expect(state.view().reason).toBeUndefined();
    expect(state.view().timeline.map(({ what }) => what)).toEqual([
      'deducting',
      'compensating: too-late',
      'compensated',
    ]);
  });
});
