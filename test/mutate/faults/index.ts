import type { Fault } from '../fault.ts';
import { deductingFaults } from './deducting.ts';
import { followingFaults } from './following.ts';
import { givingBackFaults } from './giving-back.ts';
import { operatorFaults } from './operators.ts';
import { payingFaults } from './paying.ts';
import { privacyFaults } from './privacy.ts';
import { startingFaults } from './starting.ts';
import { wireFaults } from './wire.ts';

/** In the order of *Where each rule lives* in docs/internals/architecture.md. */
export const faults: readonly Fault[] = [
  ...startingFaults,
  ...deductingFaults,
  ...wireFaults,
  ...payingFaults,
  ...givingBackFaults,
  ...followingFaults,
  ...operatorFaults,
  ...privacyFaults,
];
