import type { Notification } from '../domain/notification.ts';
import type { Deduction } from '../domain/orders.ts';
import type { Fulfilment } from '../fulfilment/fulfilment.ts';
import type { LoyaltyProvider } from '../loyalty/provider.ts';
import type { PaymentSystem } from '../payment/payment-system.ts';
import type { Program } from '../programs/programs.ts';

/** One program with its provider and its services. */
export interface ProgramServices {
  readonly program: Program;
  readonly provider: LoyaltyProvider;
  /** Absent if the program names no payment system. */
  readonly payment: PaymentSystem | undefined;
  /** Absent if the POS applies the discount itself. */
  readonly fulfilment: Fulfilment | undefined;
  /** Notifies the POS. Absent if the program names no receiver. */
  readonly notify: ((notification: Notification) => Promise<void>) | undefined;
  /** Returns the name of a member lock. It is a keyed hash, because ids must not name members. */
  readonly lockNameOf: (memberId: string) => string;
}

/** Time as activities see it. Tests use a clock of their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Rejects when the signal is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** A member lock that this process holds. */
export interface MemberLock {
  /** Milliseconds until another till may take it. */
  readonly leftMs: number;
  release(): Promise<void>;
}

/** In the whole fleet, a name has one holder at a time. */
export interface MemberLocks {
  /** Resolves to `undefined` while another till holds it. */
  take(name: string, milliseconds: number): Promise<MemberLock | undefined>;
}

export interface Dependencies {
  readonly programs: ReadonlyMap<string, ProgramServices>;
  readonly clock: Clock;
  readonly memberLocks: MemberLocks;
  /** Returns the ids of the redemptions that claim this provider reference. */
  readonly redemptionsWith: (
    order: Deduction & { readonly program: string },
    reference: string,
  ) => Promise<readonly string[]>;
  /** Hands a notification to the run that delivers those of the sale. */
  readonly passOn: (notification: Notification) => Promise<void>;
}

/** @throws Error if this worker's programs file lacks the program; retried, because another worker or a new file may have it */
export function servicesOf(
  dependencies: Pick<Dependencies, 'programs'>,
  program: string,
): ProgramServices {
  const services = dependencies.programs.get(program);
  if (services === undefined)
    throw new Error(`program ${program} is not in this worker's REDEMPTION_PROGRAMS: add it`);
  return services;
}
