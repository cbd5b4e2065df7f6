/** One sale for each ending, at one program: what is done, and what must have happened to the points afterwards. */
import type { GatewayClient, NewRedemption, Redemption } from './gateway-client.ts';
import type { Account, SandboxControl } from './sandbox-control.ts';

const POINTS = 500;
const MEMBER_HAS = 1_000;

/** A payment that nobody reports: the sandbox's payment system knows nothing of it either. */
const SHORT_PAYMENT_DEADLINE = '1s';

interface Scenario {
  readonly ending: string;
  readonly memberHas?: number;
  readonly paymentDeadline?: string;
  readonly fulfilmentIsRefused?: true;
  readonly payment: 'captured' | 'voided' | 'silent';
  readonly expected: Pick<Redemption, 'status' | 'reason'> & Omit<Account, 'balance'>;
}

const givenBack = { status: 'compensated', deducted: POINTS, givenBack: POINTS } as const;

const scenarios: readonly Scenario[] = [
  {
    ending: 'paid and fulfilled',
    payment: 'captured',
    expected: { status: 'completed', deducted: POINTS, givenBack: 0 },
  },
  {
    ending: 'too few points',
    memberHas: 100,
    payment: 'silent',
    expected: { status: 'declined', reason: 'insufficient-points', deducted: 0, givenBack: 0 },
  },
  {
    ending: 'payment voided',
    payment: 'voided',
    expected: { ...givenBack, reason: 'payment-voided' },
  },
  {
    ending: 'payment never came',
    payment: 'silent',
    paymentDeadline: SHORT_PAYMENT_DEADLINE,
    expected: { ...givenBack, reason: 'payment-timed-out' },
  },
  {
    ending: 'fulfilment refused',
    payment: 'captured',
    fulfilmentIsRefused: true,
    expected: { ...givenBack, reason: 'fulfilment-failed' },
  },
];

export interface Sale {
  readonly ending: string;
  readonly redemption: Redemption;
  readonly before: number;
  readonly account: Account;
  /** Status, movements and balance are all what the ending demands. */
  readonly isRight: boolean;
}

export interface Demonstration {
  readonly redemptions: GatewayClient;
  readonly sandbox: SandboxControl;
  /** Part of every id, so that no id is used twice. */
  readonly run: string;
}

/** The basket that is worth the points many times over, whatever the program's rate. */
export function takeSales(
  demonstration: Demonstration,
  program: string,
  basket: NewRedemption['basket'],
): Promise<Sale[]> {
  return Promise.all(
    scenarios.map((scenario, index) =>
      takeSale(demonstration, scenario, { program, basket, number: index + 1 }),
    ),
  );
}

async function takeSale(
  { redemptions, sandbox, run }: Demonstration,
  scenario: Scenario,
  { program, basket, number }: { program: string; basket: NewRedemption['basket']; number: number },
): Promise<Sale> {
  const redemptionId = `demo-${run}-${number}`;
  const member = `member-of-${redemptionId}`;
  const { ending, memberHas: before = MEMBER_HAS, paymentDeadline, payment, expected } = scenario;
  await sandbox.addMember(program, member, before);
  if (scenario.fulfilmentIsRefused) await sandbox.refuseFulfilment(redemptionId);

  await redemptions.redeem({
    program,
    redemptionId,
    member,
    points: POINTS,
    basket,
    store: 'demo-store',
    till: 'demo-till',
    ...(paymentDeadline !== undefined && { paymentDeadline }),
  });
  const sale = { program, redemptionId };
  const event = `event-of-${redemptionId}`;
  if (payment === 'captured') await redemptions.capture(sale, event);
  if (payment === 'voided') await redemptions.void(sale, event);
  const redemption = await redemptions.untilEnded(sale);

  const account = await sandbox.account(program, member);
  return {
    ending,
    redemption,
    before,
    account,
    isRight: isRight(redemption, before, account, expected),
  };
}

function isRight(
  redemption: Redemption,
  before: number,
  account: Account,
  expected: Scenario['expected'],
): boolean {
  return (
    redemption.status === expected.status &&
    redemption.reason === expected.reason &&
    account.deducted === expected.deducted &&
    account.givenBack === expected.givenBack &&
    account.balance === before - expected.deducted + expected.givenBack
  );
}
