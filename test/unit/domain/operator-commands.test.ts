/** The commands that an operator copies: complete, and only those that the sale's reason allows. */
import { expect, it } from 'vitest';
import { commandsFor } from '../../../src/domain/operator-commands.ts';
import type { RedemptionView } from '../../../src/domain/redemption-view.ts';

const view: RedemptionView = {
  program: 'coffee-club',
  redemptionId: 'R1',
  store: 'S1',
  status: 'needs-attention',
  granted: false,
  points: 500,
  discount: { amount: '5.00', currency: 'GBP' },
  timeline: [],
};
const sale = '--program coffee-club --id R1';
const who = '--by NAME --why REASON';

it.each([
  [
    { reason: 'deduction-unknown', acts: ['retry', 'adopt', 'not-deducted'] },
    [
      `retry ${sale} ${who}`,
      `resolve ${sale} ${who} --as adopt --reference REFERENCE`,
      `resolve ${sale} ${who} --as not-deducted`,
    ],
  ],
  [
    { reason: 'payment-unknown', acts: ['retry'] },
    [`retry ${sale} ${who}`, `capture ${sale}`, `void ${sale}`],
  ],
  [
    { reason: 'discount-not-applied', acts: ['accept'] },
    [`resolve ${sale} ${who} --as accept`, `void ${sale}`],
  ],
  [{ reason: 'discount-not-applied' }, [`void ${sale}`]],
  [{}, []],
  [{ reason: 'too-late', acts: ['retry'] }, []],
  [{ status: 'compensating', reason: 'late-capture', acts: ['accept'] }, []],
] as const)('of a sale with %j', (changes, commands) => {
  expect(commandsFor({ ...view, ...changes })).toEqual(
    commands.map((command) => `npm run starter -- ${command}`),
  );
});
