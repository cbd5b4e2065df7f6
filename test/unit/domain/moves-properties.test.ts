import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RedemptionState, moves } from '../../../src/domain/redemption-state.ts';
import { isGranted, type Status } from '../../../src/domain/statuses.ts';

const at = new Date('2026-03-01T10:00:00Z');
const statuses = Object.keys(moves) as Status[];

/** Tries the statuses one after the other, and returns those that it was let into. */
function walk(tried: readonly Status[]): Status[] {
  const state = new RedemptionState({
    program: 'coffee-club',
    store: 'S1',
    redemptionId: 'R1',
    status: 'checking-balance',
    points: 500,
    discount: { amount: '5.00', currency: 'GBP' },
  });
  const walked: Status[] = [state.status];
  for (const to of tried)
    try {
      state.move(to, at);
      walked.push(to);
    } catch {
      // What the table does not have is refused, and the state stays.
      if (state.status !== walked.at(-1)) throw new Error('a refused move moved', { cause: to });
    }
  return walked;
}

it('whatever is tried, every move is one of the table, and the grant follows the status alone', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...statuses), { maxLength: 60 }), (tried) => {
      const walked = walk(tried);
      for (const [index, to] of walked.slice(1).entries()) {
        const from = walked[index] ?? 'checking-balance';
        expect(moves[from]).toContain(to);
      }
      const last = walked.at(-1) ?? 'checking-balance';
      expect(isGranted(last)).toBe(['awaiting-payment', 'fulfilling', 'completed'].includes(last));
    }),
  );
});
