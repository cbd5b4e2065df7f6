import type { Notification } from '../domain/notification.ts';
import type { Deduction } from '../domain/orders.ts';
import type { Fulfilment } from '../fulfilment/fulfilment.ts';
import type { LoyaltyProvider } from '../loyalty/provider.ts';
import type { PaymentSystem } from '../payment/payment-system.ts';
import type { Program } from '../programs/programs.ts';

/** One program with everything that it is reached through. */
export interface ProgramServices {
  readonly program: Program;
  readonly provider: LoyaltyProvider;
  /** Absent where the program names no payment system to ask. */
  readonly payment: PaymentSystem | undefined;
  /** Absent where the POS applies the discount itself. */
  readonly fulfilment: Fulfilment | undefined;
  /** Tells the POS; absent where the program names nobody to tell. */
  readonly notify: ((notification: Notification) => Promise<void>) | undefined;
  /** What a member's lock is called: a keyed hash, for ids are not to name members. */
  readonly lockNameOf: (memberId: string) => string;
}

/** Time as activities see it; tests on the time-skipping server bring their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Rejects when the signal is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The lock of one member, held for a while. */
export interface MemberLock {
  /** Milliseconds until somebody else may take it. */
  readonly leftMs: number;
  release(): Promise<void>;
}

/** One holder of a name at a time, in the whole fleet. */
export interface MemberLocks {
  /** `undefined` while somebody else holds it. */
  take(name: string, milliseconds: number): Promise<MemberLock | undefined>;
}

export interface Dependencies {
  readonly programs: ReadonlyMap<string, ProgramServices>;
  readonly clock: Clock;
  readonly memberLocks: MemberLocks;
  /** The redemptions that hold this reference of the provider as theirs, among those that can be the order's. */
  readonly redemptionsWith: (
    order: Deduction & { readonly program: string },
    reference: string,
  ) => Promise<readonly string[]>;
  /** Hands it to the run that delivers the sale's notifications. */
  readonly passOn: (notification: Notification) => Promise<void>;
}

/** @throws Error where this worker's programs file lacks the program: retried, for another worker or a new file may know it. */
export function servicesOf(
  dependencies: Pick<Dependencies, 'programs'>,
  program: string,
): ProgramServices {
  const services = dependencies.programs.get(program);
  if (services === undefined)
    throw new Error(`program ${program} is not in this worker's REDEMPTION_PROGRAMS: add it`);
  return services;
}
