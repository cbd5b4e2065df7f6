/** The sandbox in the process of a test, and the promise that its ledger adds up. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { sandboxPrograms, type Programs } from '../../src/index.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import type { Switches } from '../../src/sandbox/switches.ts';
import { awaited } from './awaited.ts';
import { SandboxClient, type Ledger, type MemberInput, type ProgramId } from './sandbox-client.ts';

export interface Member {
  readonly program: ProgramId;
  readonly memberId: string;
  /** Another spelling of the same member, as a till might read it from a card. */
  readonly alias: string;
  readonly points: number;
}

/** With `dataFile`, it starts with what that journal holds. */
export async function openSandbox(dataFile?: string): Promise<Sandbox> {
  const { origin, close } = await startSandbox({ port: 0, dataFile });
  return new Sandbox(origin, close, await new SandboxClient(origin).switches());
}

export class Sandbox extends SandboxClient {
  /** The two sandbox programs, pointing here. */
  readonly programs: Programs;
  readonly close: () => Promise<void>;
  readonly #switches: Switches;
  readonly #members: Member[] = [];
  #violationsTaken = 0;

  constructor(origin: string, close: () => Promise<void>, switches: Switches) {
    super(origin);
    this.programs = sandboxPrograms(origin);
    this.close = close;
    this.#switches = switches;
  }

  /** A member nobody else uses. */
  async member(
    program: ProgramId,
    points: number,
    state: MemberInput['state'] = 'active',
  ): Promise<Member> {
    const memberId = `m-${randomUUID().slice(0, 8)}`;
    const member = { program, memberId, alias: `${memberId}@example.com`, points };
    await this.addMember({ program, memberId, aliases: [member.alias], points, state });
    this.#members.push(member);
    return member;
  }

  /** Resolves once every fault has struck: what it waits for is under way then. */
  async struck(): Promise<void> {
    await awaited('the strike of a fault', async () =>
      (await this.faults()).every(({ fired, times = 1 }) => fired >= times),
    );
  }

  /** What was broken since the last time; a test that breaks a rule on purpose takes it away and looks at it. */
  async takeViolations(): Promise<Ledger['violations']> {
    const violations = (await this.ledger()).violations.slice(this.#violationsTaken);
    this.#violationsTaken += violations.length;
    return violations;
  }

  /** After every test: its members' balances are their movements' sums, no rule was broken, and nothing is left switched. */
  async assertLedgerAddsUp(): Promise<void> {
    await this.clearFaults();
    await this.switch(this.#switches);
    const members = this.#members.splice(0);
    expectAllInOrder(
      await this.takeViolations(),
      await Promise.all(
        members.map(async (member) => ({ member, ledger: await this.ledger(member) })),
      ),
    );
  }
}

function expectAllInOrder(
  violations: Ledger['violations'],
  members: readonly { readonly member: Member; readonly ledger: Ledger }[],
): void {
  expect(violations).toEqual([]);
  for (const { member, ledger } of members) {
    const moved = ledger.movements.reduce((sum, { points }) => sum + points, 0);
    expect(ledger.members.map(({ points }) => points)).toEqual([member.points + moved]);
  }
}
