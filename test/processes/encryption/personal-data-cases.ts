/** The endings that a person goes through, and how each comes about. */
import type { Fault } from '../../support/sandbox-client.ts';

export const EMAIL = 'clara.canary@example.com';

export interface Case {
  readonly ending: string;
  readonly status: string;
  readonly faults?: readonly { readonly call: Call; readonly fault: Fault['fault'] }[];
  readonly body?: object;
  /** How many seconds the till waits; a lost deduction keeps the member's turn for as long. */
  readonly waits?: string;
  readonly events?: readonly ('captured' | 'voided')[];
  /** What ends it, where it waits for an operator. */
  readonly operator?: readonly string[];
}
export type Call = 'balance' | 'deduct' | 'restore' | 'fulfil' | 'cancel';

const fails = (call: Call, fault: Fault['fault'] = 'refuse') => ({ faults: [{ call, fault }] });
const shortly = { paymentDeadline: '1s' };

export const cases: readonly Case[] = [
  { ending: 'completed', status: 'completed', events: ['captured'] },
  { ending: 'too few points', status: 'declined', body: { points: 90_000 } },
  { ending: 'an unknown member', status: 'declined', body: { member: `not-${EMAIL}` } },
  { ending: 'a refused deduction', status: 'declined', ...fails('deduct') },
  {
    ending: 'an unreachable provider',
    status: 'declined',
    ...fails('balance', 'error-before-commit'),
    waits: '3',
  },
  {
    ending: 'a lost answer',
    status: 'completed',
    ...fails('deduct', 'cut-after-commit'),
    waits: '8',
    events: ['captured'],
  },
  {
    ending: 'a deduction that never came',
    status: 'declined',
    ...fails('deduct', 'cut-before-commit'),
    waits: '8',
  },
  { ending: 'voided', status: 'compensated', events: ['voided'] },
  { ending: 'timed out', status: 'compensated', body: shortly },
  {
    ending: 'refused fulfilment',
    status: 'compensated',
    ...fails('fulfil'),
    events: ['captured'],
  },
  { ending: 'a reversal', status: 'compensated', events: ['captured', 'voided'] },
  {
    ending: 'a restoration that an operator settles',
    status: 'compensated',
    ...fails('restore'),
    events: ['voided'],
    operator: ['retry', '--yes'],
  },
];
