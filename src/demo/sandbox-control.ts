/** The sandbox's own interface, as the demonstration uses it. */
import { z } from 'zod';

const ledgerSchema = z.object({
  members: z.array(z.object({ memberId: z.string(), points: z.int() })),
  movements: z.array(z.object({ kind: z.enum(['deduct', 'restore', 'other']), points: z.int() })),
});

/** What became of one member's points. */
export interface Account {
  readonly balance: number;
  readonly deducted: number;
  readonly givenBack: number;
}

export class SandboxControl {
  readonly #origin: string;

  constructor(origin: string) {
    this.#origin = origin;
  }

  async addMember(program: string, memberId: string, points: number): Promise<void> {
    await this.#ask('POST', '/members', { program, memberId, points });
  }

  /** The fulfilment service will say a definite no to this redemption, once. */
  async refuseFulfilment(redemptionId: string): Promise<void> {
    await this.fault({ service: 'fulfilment', call: 'fulfil', fault: 'refuse', redemptionId });
  }

  /** One call for one redemption goes wrong, once. */
  async fault(fault: {
    readonly service: 'white-label-loyalty' | 'fulfilment';
    readonly call: 'deduct' | 'restore' | 'fulfil' | 'cancel';
    readonly fault: 'refuse' | 'missing-reactor';
    readonly redemptionId: string;
  }): Promise<void> {
    await this.#ask('POST', '/faults', { ...fault, times: 1 });
  }

  async account(program: string, memberId: string): Promise<Account> {
    const query = new URLSearchParams({ program, member: memberId }).toString();
    const { members, movements } = ledgerSchema.parse(await this.#ask('GET', `/ledger?${query}`));
    const [member] = members;
    if (member === undefined) throw new Error(`the sandbox does not know ${memberId}`);
    const moved = (kind: 'deduct' | 'restore') =>
      movements
        .filter((movement) => movement.kind === kind)
        .reduce((sum, { points }) => sum + Math.abs(points), 0);
    return { balance: member.points, deducted: moved('deduct'), givenBack: moved('restore') };
  }

  async #ask(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.#origin}${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      headers: { 'content-type': 'application/json' },
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok)
      throw new Error(
        `the sandbox answered ${method} ${path} with ${response.status}: ${await response.text()}`,
      );
    return response.json();
  }
}
