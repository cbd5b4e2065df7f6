/** The sandbox as tests use it: its control API, typed, and the promise that its ledger adds up. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { sandboxPrograms, type Programs } from '../../src/programs/programs.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { awaited } from './awaited.ts';

export type ProgramId = 'coffee-club' | 'travel-miles';

export interface Member {
  readonly program: ProgramId;
  readonly memberId: string;
  /** Another spelling of the same member, as a till might read it from a card. */
  readonly alias: string;
  readonly points: number;
}

export interface Movement {
  readonly program: ProgramId;
  readonly memberId: string;
  readonly kind: 'deduct' | 'restore' | 'other';
  /** Negative for a deduction. */
  readonly points: number;
  readonly reference: string;
  /** Absent where the provider is not told. */
  readonly redemptionId?: string;
  readonly at: string;
}

export interface Ledger {
  readonly members: readonly (Omit<Member, 'alias'> & {
    readonly aliases: readonly string[];
    /** The lowest balance ever: below zero is an overspend. */
    readonly lowest: number;
  })[];
  readonly movements: readonly Movement[];
  readonly fulfilments: readonly {
    readonly program: ProgramId;
    readonly redemptionId: string;
    readonly state: string;
    /** How often it was given. */
    readonly times: number;
    readonly reference?: string;
  }[];
  readonly violations: readonly Violation[];
}

/** What no client should have done. */
export interface Violation {
  readonly service: Fault['service'];
  readonly call: string;
  readonly why: string;
}

export interface Fault {
  readonly service: 'white-label-loyalty' | 'loyalife' | 'payment' | 'fulfilment';
  readonly call:
    | 'balance'
    | 'rate'
    | 'token'
    | 'deduct'
    | 'restore'
    | 'events'
    | 'reactions'
    | 'history'
    | 'status'
    | 'fulfil'
    | 'cancel';
  readonly fault:
    | 'refuse'
    | 'slow'
    | 'hang-before-commit'
    | 'hang-after-commit'
    | 'error-before-commit'
    | 'error-after-commit'
    | 'cut-before-commit'
    | 'cut-after-commit'
    | 'unreadable-after-commit'
    | 'too-many-requests'
    | 'unauthorized'
    | 'late-reaction'
    | 'missing-reactor'
    | 'pending';
  /** How many calls it strikes; one, unless said otherwise. */
  readonly times?: number;
  /** The share of calls that it strikes, 0 to 1. */
  readonly rate?: number;
  readonly delayMs?: number;
}

export interface Switches {
  readonly bareEnvelope: boolean;
  readonly duplicateDetection: boolean;
  readonly reactionDelayMs: number;
  readonly rateLimit: boolean;
  readonly eventIds: 'number' | 'string';
  readonly historyMerchantName: boolean;
  readonly historyOffsetMinutes: number;
  readonly secondReversalCode: string;
  readonly tokenLifetimeSeconds: number;
  readonly fulfilmentPendingCount: number;
}

export interface PaymentRecord {
  readonly status: 'captured' | 'voided' | 'pending' | 'none';
  readonly paymentId?: string;
  readonly amount?: string;
  readonly currency?: string;
}

export interface Sandbox {
  readonly origin: string;
  /** The two sandbox programs, pointing here. */
  readonly programs: Programs;
  /** A member nobody else uses. */
  member(
    program: ProgramId,
    points: number,
    state?: 'active' | 'inactive' | 'cancelled' | 'suspended',
  ): Promise<Member>;
  ledger(member?: Member): Promise<Ledger>;
  /** Another channel spends points of this member, who may not have them. */
  spend(member: Member, points: number): Promise<void>;
  fault(fault: Fault): Promise<void>;
  /** Resolves once every fault has struck: what it waits for is under way then. */
  struck(): Promise<void>;
  clearFaults(): Promise<void>;
  switch(switches: Partial<Switches>): Promise<void>;
  /** What the payment system will say of a sale's payment. */
  payment(program: ProgramId, redemptionId: string, payment: PaymentRecord): Promise<void>;
  /** What was broken since the last time; a test that breaks a rule on purpose takes it away and looks at it. */
  takeViolations(): Promise<readonly Violation[]>;
  /** After every test: its members' balances are their movements' sums, no rule was broken, and nothing is left switched. */
  assertLedgerAddsUp(): Promise<void>;
  close(): Promise<void>;
}

export async function openSandbox(): Promise<Sandbox> {
  const server = await startSandbox({ port: 0 });
  const { origin } = server;

  async function control(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(origin + path, {
      method,
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  const defaultSwitches = await control('GET', '/switches');
  const members: Member[] = [];

  const ledger = async (member?: Member): Promise<Ledger> => {
    const query =
      member === undefined ? '' : `?program=${member.program}&member=${member.memberId}`;
    return (await control('GET', `/ledger${query}`)) as Ledger;
  };

  let violationsTaken = 0;
  const takeViolations = async (): Promise<readonly Violation[]> => {
    const violations = (await ledger()).violations.slice(violationsTaken);
    violationsTaken += violations.length;
    return violations;
  };

  return {
    origin,
    programs: sandboxPrograms(origin),
    async member(program, points, state = 'active') {
      const memberId = `m-${randomUUID().slice(0, 8)}`;
      const member = { program, memberId, alias: `${memberId}@example.com`, points };
      await control('POST', '/members', {
        program,
        memberId,
        aliases: [member.alias],
        points,
        state,
      });
      members.push(member);
      return member;
    },
    ledger,
    async spend({ program, memberId }, points) {
      await control('POST', '/spend', { program, memberId, points });
    },
    async fault(fault) {
      await control('POST', '/faults', fault);
    },
    async struck() {
      await awaited('the strike of a fault', async () => {
        const { faults } = (await control('GET', '/faults')) as {
          readonly faults: readonly (Fault & { readonly fired: number })[];
        };
        return faults.every(({ fired, times = 1 }) => fired >= times);
      });
    },
    async clearFaults() {
      await control('DELETE', '/faults');
    },
    async switch(switches) {
      await control('POST', '/switches', switches);
    },
    async payment(program, redemptionId, payment) {
      await control('PUT', `/payments/${program}/${redemptionId}`, payment);
    },
    takeViolations,
    async assertLedgerAddsUp() {
      await control('DELETE', '/faults');
      await control('POST', '/switches', defaultSwitches);
      expect(await takeViolations()).toEqual([]);
      for (const member of members.splice(0)) {
        const { members: kept, movements } = await ledger(member);
        const moved = movements.reduce((sum, { points }) => sum + points, 0);
        expect(kept.map(({ points }) => points)).toEqual([member.points + moved]);
      }
    },
    close: () => server.close(),
  };
}
