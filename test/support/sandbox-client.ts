/** The sandbox's control API, typed by its own schemas: for tests, chaos, tills and the benchmark. */
import type { z } from 'zod';
import type { memberSchema, paymentSchema } from '../../src/sandbox/control.ts';
import type { CallName, FaultName, faultSchema } from '../../src/sandbox/faults.ts';
import type {
  FulfilmentRecord,
  Member as MemberRecord,
  Movement,
  Violation,
} from '../../src/sandbox/ledger.ts';
import type { Switches } from '../../src/sandbox/switches.ts';

const LIMIT_MS = 10_000;

export type MemberInput = z.input<typeof memberSchema>;
export type ProgramId = MemberInput['program'];
export type PaymentRecord = z.input<typeof paymentSchema>;

/** One that the sandbox may be asked for; the words are narrower here than in what it accepts. */
export interface Fault extends Omit<z.input<typeof faultSchema>, 'call' | 'fault'> {
  readonly call: CallName;
  readonly fault: FaultName;
}

/** A fault, and how often it struck. */
export type ArmedFault = Fault & { readonly fired: number };

export interface Ledger {
  readonly members: readonly MemberRecord[];
  readonly movements: readonly Movement[];
  readonly fulfilments: readonly FulfilmentRecord[];
  /** What no client should have done. */
  readonly violations: readonly Violation[];
}

export class SandboxClient {
  readonly origin: string;

  constructor(origin: string) {
    this.origin = origin;
  }

  async addMember(member: MemberInput): Promise<void> {
    await this.#ask('POST', '/members', member);
  }

  /** Those of a run that measures or drives at length: nobody is held back. */
  async seedMembers(members: readonly MemberInput[]): Promise<void> {
    await this.switch({ rateLimit: false });
    for (const member of members) await this.addMember(member);
  }

  /** Of all members, or of one. */
  async ledger(member?: Pick<MemberInput, 'program' | 'memberId'>): Promise<Ledger> {
    const query =
      member === undefined ? '' : `?program=${member.program}&member=${member.memberId}`;
    return (await this.#ask('GET', `/ledger${query}`)) as Ledger;
  }

  /** Another channel spends points of this member, who may not have them. */
  async spend({ program, memberId }: Pick<MemberInput, 'program' | 'memberId'>, points: number) {
    await this.#ask('POST', '/spend', { program, memberId, points });
  }

  async fault(fault: Fault): Promise<void> {
    await this.#ask('POST', '/faults', fault);
  }

  async faults(): Promise<readonly ArmedFault[]> {
    const { faults } = (await this.#ask('GET', '/faults')) as { faults: ArmedFault[] };
    return faults;
  }

  async clearFaults(): Promise<void> {
    await this.#ask('DELETE', '/faults');
  }

  async switches(): Promise<Switches> {
    return (await this.#ask('GET', '/switches')) as Switches;
  }

  async switch(switches: Partial<Switches>): Promise<void> {
    await this.#ask('POST', '/switches', switches);
  }

  /** What the payment system will say of a sale's payment. */
  async payment(program: string, redemptionId: string, payment: PaymentRecord): Promise<void> {
    await this.#ask('PUT', `/payments/${program}/${redemptionId}`, payment);
  }

  async #ask(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.origin}${path}`, {
      method,
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
}
