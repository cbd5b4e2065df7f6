/** Sales for the command line, and for the client that it calls. */
import { randomUUID } from 'node:crypto';
import type { RedemptionRequest } from '../../src/index.ts';

export const newId = () => `R-${randomUUID().slice(0, 8)}`;

/** The words of a `redeem` that is right, but for what is changed; `undefined` takes an option away. */
export function redeemWords(changed: Record<string, string | undefined> = {}): string[] {
  const options = {
    program: 'coffee-club',
    id: newId(),
    member: 'member-1',
    points: '500',
    basket: '20.00',
    store: 'S12',
    till: 'T3',
    ...changed,
  };
  const given = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, value],
  );
  return ['redeem', ...given];
}

/** The same sale, as the client takes it. */
export function newSale(changed: Partial<RedemptionRequest> = {}): RedemptionRequest {
  return {
    program: 'coffee-club',
    redemptionId: newId(),
    member: 'member-1',
    points: 500,
    basket: { amount: '20.00', currency: 'GBP' },
    store: 'S12',
    till: 'T3',
    ...changed,
  };
}
