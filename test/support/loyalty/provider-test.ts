/** What every test of a provider has at hand. */
import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { Deduction } from '../../../src/domain/orders.ts';
import { createProvider } from '../../../src/loyalty/index.ts';
import { ProviderError, type LoyaltyProvider } from '../../../src/loyalty/provider.ts';
import type { Program } from '../../../src/programs/programs.ts';
import type { Fault, ProgramId } from '../sandbox-client.ts';
import { openSandbox, type Member, type Sandbox } from '../sandbox.ts';

/** Long enough for every answer that comes, and short enough to wait for the ones that do not. */
export const WAIT_MS = 5_000;
export const SHORT_WAIT_MS = 400;

export interface ProviderTest {
  readonly sandbox: Sandbox;
  readonly provider: LoyaltyProvider;
  readonly program: Program;
  /** A provider of the same program with other settings. */
  providerWith(changes: Partial<Program>): LoyaltyProvider;
  member(points: number, state?: Parameters<Sandbox['member']>[2]): Promise<Member>;
  deduction(member: Member, points: number): Deduction;
  fault(
    call: Fault['call'],
    fault: Fault['fault'],
    rest?: Pick<Fault, 'times' | 'delayMs'>,
  ): Promise<void>;
  /** What the call was rejected with, after making sure that it gives nobody and nothing away. */
  failure(call: Promise<unknown>): Promise<ProviderError>;
  /** The points of the member's movements, oldest first. */
  movements(member: Member): Promise<number[]>;
}

/** Filled before the first test of the file, or of the `describe`, that calls it. */
export function useProvider(programId: ProgramId): ProviderTest {
  const test = {} as { -readonly [Key in keyof ProviderTest]: ProviderTest[Key] };
  beforeAll(async () => {
    const sandbox = await openSandbox();
    const program = sandbox.programs.get(programId);
    if (program === undefined) throw new Error(`the sandbox has no ${programId}`);
    Object.assign(test, createTest(sandbox, program));
  });
  afterEach(() => test.sandbox.assertLedgerAddsUp());
  afterAll(() => test.sandbox.close());
  return test;
}

function createTest(sandbox: Sandbox, program: Program): ProviderTest {
  const programId = program.id as ProgramId;
  const settings: unknown[] = Object.values(program);
  const secrets = settings.flatMap((value) =>
    typeof value === 'object' && value !== null && 'secret' in value ? [String(value.secret)] : [],
  );
  if (program.provider === 'loyalife') secrets.push(program.clientSecret);
  else secrets.push(program.apiKey);
  const spellings: string[] = [];

  return {
    sandbox,
    program,
    provider: createProvider(program),
    providerWith: (changes) => createProvider({ ...program, ...changes } as Program),
    async member(points, state) {
      const member = await sandbox.member(programId, points, state);
      spellings.push(member.memberId, member.alias);
      return member;
    },
    deduction: (member, points) => ({
      redemptionId: `r-${randomUUID()}`,
      member: member.alias,
      memberId: member.memberId,
      points,
      discountMinor: points,
      store: 'store-1',
      till: 'till-1',
      cashier: 'cashier-1',
      since: new Date().toISOString(),
    }),
    fault: (call, fault, rest) =>
      sandbox.fault({ service: program.provider, call, fault, times: 1, ...rest }),
    async failure(call) {
      const error: unknown = await call.then(
        () => expect.fail('the call succeeded'),
        (reason: unknown) => reason,
      );
      if (!(error instanceof ProviderError)) throw error;
      const shown = inspect(error, { depth: 10, showHidden: true });
      for (const secret of [...secrets, ...spellings]) expect(shown).not.toContain(secret);
      return error;
    },
    async movements(member) {
      return (await sandbox.ledger(member)).movements.map(({ points }) => points);
    },
  };
}
