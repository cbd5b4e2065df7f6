/** The sandbox's own interface, as chaos uses it. */
import type { Fault } from './faults.ts';
import type { MemberPlan, ProgramId, SalePlan } from './plan.ts';

export interface Movement {
  readonly program: ProgramId;
  readonly memberId: string;
  readonly kind: 'deduct' | 'restore' | 'other';
  readonly points: number;
  readonly reference: string;
  readonly at: string;
  /** The member as the request spelled it. */
  readonly spelling: string;
  /** White Label Loyalty only. */
  readonly redemptionId?: string;
  /** Loyalife only. */
  readonly merchantName?: string;
}

/** A fault, and how often it struck. */
export interface FiredFault extends Fault {
  readonly fired: number;
}

export interface Ledger {
  readonly members: readonly {
    readonly program: ProgramId;
    readonly memberId: string;
    readonly points: number;
    readonly lowest: number;
  }[];
  readonly movements: readonly Movement[];
  readonly fulfilments: readonly {
    readonly redemptionId: string;
    readonly state: 'fulfilled' | 'cancelled' | 'pending';
    readonly times: number;
  }[];
  readonly violations: readonly {
    readonly service: string;
    readonly call: string;
    readonly why: string;
  }[];
}

export class Sandbox {
  readonly #origin: string;

  constructor(origin: string) {
    this.#origin = origin;
  }

  async furnish(members: readonly MemberPlan[], sales: readonly SalePlan[]): Promise<void> {
    await this.#ask('POST', '/switches', { rateLimit: false });
    for (const { isRich: _, ...member } of members) await this.#ask('POST', '/members', member);
    for (const { request, paymentStatus: status } of sales)
      if (status !== undefined)
        await this.#ask('PUT', `/payments/${request.program}/${request.redemptionId}`, { status });
  }

  async startFaults(faults: readonly Fault[]): Promise<void> {
    for (const fault of faults) await this.#ask('POST', '/faults', fault);
  }

  /** Returns those that struck. */
  async stopFaults(): Promise<FiredFault[]> {
    const { faults } = (await this.#ask('GET', '/faults')) as { faults: FiredFault[] };
    await this.#ask('DELETE', '/faults');
    return faults.filter(({ fired }) => fired > 0);
  }

  async ledger(): Promise<Ledger> {
    return (await this.#ask('GET', '/ledger')) as Ledger;
  }

  async #ask(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.#origin}${path}`, {
      method,
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
      signal: AbortSignal.timeout(10_000),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
}
