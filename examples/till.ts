/**
 * A till in TypeScript, with nothing but `fetch`: redeems points, reports the payment, and asks again while it does not know.
 *
 *   REDEMPTION_API_KEY=prk_… npx tsx examples/till.ts S12-T3-2001 member-1 500
 */
import type {
  NewRedemption,
  Problem,
  Redemption,
} from '../clients/typescript/points-redemption.d.ts';

const origin = process.env['GATEWAY_ORIGIN'] ?? 'http://127.0.0.1:8080';
const key = process.env['REDEMPTION_API_KEY'] ?? '';
const [redemptionId = 'S12-T3-2001', member = 'member-1', points = '500'] = process.argv.slice(2);

const sale: NewRedemption = {
  program: 'coffee-club',
  redemptionId,
  member,
  points: Number(points),
  basket: { amount: '20.00', currency: 'GBP' },
  store: 'S12',
  till: 'T3',
};
const redemption = await redeem(sale);
if (redemption.granted) {
  print(`granted: ${redemption.discount.amount} ${redemption.discount.currency} off`);
  // Here the customer pays the rest.
  await capture(redemption, `pay-${redemptionId}`);
  print('payment reported');
} else {
  print(`not granted: ${redemption.reason}`);
}

/** 200, 201 and 422 carry the redemption; its `granted` says which it is. */
async function redeem(body: NewRedemption): Promise<Redemption> {
  return (await post('/v1/redemptions', body)) as Redemption;
}

/** Safe to repeat, because the event id stays the same. */
async function capture(sold: Redemption, paymentId: string): Promise<void> {
  const path = `/v1/redemptions/${sold.program}/${sold.redemptionId}/capture`;
  await post(path, { eventId: `captured-${paymentId}`, paymentId });
}

async function post(path: string, body: object): Promise<unknown> {
  for (let pause = 0.5; ; pause = Math.min(pause * 2, 30)) {
    // No whole answer within ten seconds: undefined.
    const answer = await send(path, body).catch(() => undefined);
    if (answer !== undefined && answer.status < 500 && answer.status !== 429) {
      const content: unknown = JSON.parse(answer.text);
      if (!answer.isProblem) return content;
      const { title, detail, remedy } = content as Problem;
      throw new Error(`${detail ?? title} ${remedy}`); // asking again changes nothing
    }
    // Not known. Ask again with the same id and the same content, and give no discount meanwhile.
    const seconds = Number(answer?.retryAfter ?? pause);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  }
}

async function send(path: string, body: object) {
  const response = await fetch(origin + path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      prefer: 'wait=5',
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  return {
    status: response.status,
    isProblem: response.headers.get('content-type')?.includes('problem') ?? false,
    retryAfter: response.headers.get('retry-after'),
    text: await response.text(),
  };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
