/** The histories that are kept: of each version of the saga, for each program, one of each ending. */
import type { ProgramId } from './sandbox-client.ts';

export const historyEndings = [
  'completed',
  'declined-insufficient-points',
  'compensated-payment-voided',
  'compensated-payment-timed-out',
  'compensated-fulfilment-failed',
  'compensated-cancelled',
  'declined-provider-failed',
  'needs-attention-deduction-unknown',
] as const;
export type HistoryEnding = (typeof historyEndings)[number];

export const historiesOf = (version: number) =>
  new URL(`../histories/${version}/`, import.meta.url);

export const historyName = (program: ProgramId, ending: HistoryEnding) =>
  `${program}-${ending}.json`;
