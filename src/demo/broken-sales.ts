/** `npm run broken-sales`: five sales in a running sandbox that wait for an operator, each for another reason: for practice. */
import { setTimeout as delay } from 'node:timers/promises';
import { RedemptionClient } from '../client/redemption-client.ts';
import { RedemptionError } from '../domain/errors.ts';
import type { RedemptionView } from '../domain/redemption-view.ts';
import { encryptionWith } from '../encryption/data-converter.ts';
import { sandboxKeyRing } from '../encryption/key-ring.ts';
import { runProcess } from '../process/run.ts';
import { readSandboxOrigin } from '../process/settings.ts';
import { sandboxPrograms } from '../programs/programs.ts';
import type { RedemptionRequest } from '../schemas/redemption.ts';
import { connectToTemporal, readTemporalSettings } from '../temporal/connection.ts';
import { SandboxControl } from './sandbox-control.ts';

const LIMIT_MS = 90_000;
const LOOK_EVERY_MS = 200;
const MEMBER_HAS = 1_000;
const SHORT_MS = 3_000;
const GBP = { amount: '20.00', currency: 'GBP' } as const;
const INR = { amount: '1000.00', currency: 'INR' } as const;

interface Demonstration {
  readonly redemptions: RedemptionClient;
  readonly sandbox: SandboxControl;
}

interface Broken {
  readonly reason: NonNullable<RedemptionView['reason']>;
  readonly what: string;
  readonly request: Pick<RedemptionRequest, 'program' | 'basket'> & Partial<RedemptionRequest>;
  /** From the request to the trouble. */
  readonly happen: (demonstration: Demonstration, request: RedemptionRequest) => Promise<void>;
}

const broken: readonly Broken[] = [
  {
    reason: 'restoration-refused',
    what: 'the sale was voided, and the provider refuses to give the points back',
    request: { program: 'coffee-club', basket: GBP },
    async happen({ redemptions, sandbox }, request) {
      const { program, redemptionId } = request;
      const service = 'white-label-loyalty';
      await sandbox.fault({ service, call: 'restore', fault: 'refuse', redemptionId });
      await redemptions.redeem(request);
      await redemptions.void({ program, redemptionId });
    },
  },
  {
    reason: 'cancellation-refused',
    what: 'the sale was returned, and the fulfilment service refuses to cancel',
    request: { program: 'coffee-club', basket: GBP },
    async happen({ redemptions, sandbox }, request) {
      const { program, redemptionId } = request;
      const service = 'fulfilment';
      await sandbox.fault({ service, call: 'cancel', fault: 'refuse', redemptionId });
      await redemptions.redeem(request);
      await redemptions.capture({ program, redemptionId });
      await redemptions.wait({ program, redemptionId }, LIMIT_MS);
      await redemptions.void({ program, redemptionId });
    },
  },
  {
    reason: 'deduction-not-applied',
    what: 'the provider accepted the deduction, has no rule for it and moved no points',
    request: { program: 'coffee-club', basket: GBP, deductByMs: SHORT_MS },
    async happen({ redemptions, sandbox }, request) {
      const { redemptionId } = request;
      const service = 'white-label-loyalty';
      await sandbox.fault({ service, call: 'deduct', fault: 'missing-reactor', redemptionId });
      await redemptions.redeem(request);
    },
  },
  {
    reason: 'discount-not-applied',
    what: 'the customer paid the whole basket, without the discount',
    request: { program: 'travel-miles', basket: INR },
    async happen({ redemptions }, request) {
      const { program, redemptionId, basket } = request;
      await redemptions.redeem(request);
      await redemptions.capture({ program, redemptionId }, { amount: basket });
    },
  },
  {
    reason: 'late-capture',
    what: 'the customer paid after the points had gone back',
    request: { program: 'travel-miles', basket: INR, paymentDeadlineMs: 1_000 },
    async happen({ redemptions }, request) {
      const { program, redemptionId } = request;
      await redemptions.redeem(request);
      await redemptions.wait({ program, redemptionId }, LIMIT_MS);
      await redemptions.capture({ program, redemptionId });
    },
  },
];

await runProcess(breakFive);

async function breakFive(): Promise<void> {
  const origin = readSandboxOrigin();
  const { client: temporal, connection } = await connectToTemporal(
    readTemporalSettings(),
    encryptionWith(sandboxKeyRing),
  );
  try {
    const redemptions = new RedemptionClient({ temporal, programs: sandboxPrograms(origin) });
    const demonstration = { redemptions, sandbox: new SandboxControl(origin) };
    const run = Date.now().toString(36);
    process.stderr.write('Breaking five sales, which takes some 20 s …\n');
    const lines = await Promise.all(
      broken.map((each, index) => breakOne(demonstration, each, `broken-${run}-${index + 1}`)),
    );
    process.stdout.write(`${lines.join('\n')}\n\nNow repair them with docs/operate/handbook.md.\n`);
  } finally {
    await connection.close();
  }
}

async function breakOne(
  demonstration: Demonstration,
  each: Broken,
  redemptionId: string,
): Promise<string> {
  const { reason, what, request, happen } = each;
  const { program } = request;
  const member = `member-of-${redemptionId}`;
  await demonstration.sandbox.addMember(program, member, MEMBER_HAS);
  const sale = { redemptionId, member, points: 500, store: 'practice', till: 'T1', ...request };
  await happen(demonstration, sale);
  const until = Date.now() + LIMIT_MS;
  for (;;) {
    const view = await demonstration.redemptions.status({ program, redemptionId });
    if (view.status === 'needs-attention' && view.reason === reason)
      return `${program} ${redemptionId}  ${reason}: ${what}`;
    if (Date.now() > until)
      throw new RedemptionError(
        'unavailable',
        `${redemptionId} is ${view.status}, not ${reason}: it needs the worker and the sandbox of npm start.`,
      );
    await delay(LOOK_EVERY_MS);
  }
}
