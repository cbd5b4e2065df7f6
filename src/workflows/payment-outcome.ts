import { patched } from '@temporalio/workflow';
import type { PaymentFacts, PaymentOutcome } from '../domain/payment-facts.ts';
import { PARTS_ADD_UP } from './versions.ts';

/** Folds the facts. Where it matters, runs from before parts added up go on by the largest capture. */
export function paymentOutcome(facts: PaymentFacts, attempts: 'one' | 'many'): PaymentOutcome {
  const outcome = facts.outcome(attempts);
  const before = facts.outcome(attempts, 'largest');
  return outcome === before || patched(PARTS_ADD_UP) ? outcome : before;
}
