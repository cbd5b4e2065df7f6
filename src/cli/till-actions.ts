/** What the verbs of tills and payment systems do. */
import { programOf } from '../client/request-check.ts';
import type { Programs } from '../programs/programs.ts';
import { durationFrom, given, moneyFrom, pointsFrom } from './arguments.ts';
import { connected } from './connected.ts';
import type {
  AskOptions,
  QuoteOptions,
  RedeemOptions,
  ReportOptions,
  SaleOptions,
  WaitOptions,
} from './options.ts';
import type { Output } from './output.ts';
import { answerText, quoteText, tillView, timelineText } from './texts.ts';

const NOT_GRANTED = 2;

export async function redeem(options: RedeemOptions, output: Output): Promise<void> {
  const { id, basket, store, till, cashier, saleTime, deductBy, paymentDeadline } = options;
  const answer = await connected((redemptions, programs) =>
    redemptions.redeem({
      ...askFrom(options, programs),
      redemptionId: id,
      basket: moneyFrom(basket, 'basket', programOf(programs, options.program)),
      store,
      till,
      ...given({ cashier, saleTime }),
      ...(deductBy !== undefined && { deductByMs: durationFrom(deductBy, 'deductBy') }),
      ...(paymentDeadline !== undefined && {
        paymentDeadlineMs: durationFrom(paymentDeadline, 'paymentDeadline'),
      }),
    }),
  );
  output.show(tillView(answer), answerText(answer));
  if (!answer.granted) process.exitCode = NOT_GRANTED;
}

export async function report(
  kind: 'capture' | 'void',
  { program, id, event, payment, amount, reason }: ReportOptions,
  output: Output,
): Promise<void> {
  const sale = { program, redemptionId: id };
  await connected(async (redemptions, programs) => {
    await redemptions[kind](sale, {
      ...given({ eventId: event, paymentId: payment, reason }),
      ...(amount !== undefined && {
        amount: moneyFrom(amount, 'amount', programOf(programs, program)),
      }),
    });
    // The event is recorded by now, and exit code 0 says so. Only a worker can tell where it led.
    const view = await redemptions.status(sale).catch(() => undefined);
    if (view !== undefined) output.show(tillView(view), answerText(view));
    else output.show(sale, 'recorded; the status cannot be read at the moment');
  });
}

export async function status({ program, id }: SaleOptions, output: Output): Promise<void> {
  const view = await connected((redemptions) => redemptions.status({ program, redemptionId: id }));
  output.show(tillView(view), timelineText(view));
}

export async function wait({ program, id, timeout }: WaitOptions, output: Output): Promise<void> {
  const limitMs = durationFrom(timeout, 'timeout');
  output.note(`waiting up to ${timeout} for ${id} in ${program} to end`);
  const view = await connected((redemptions) =>
    redemptions.wait({ program, redemptionId: id }, limitMs),
  );
  output.show(tillView(view), timelineText(view));
}

export async function quote(options: QuoteOptions, output: Output): Promise<void> {
  const { program, basket } = options;
  const answer = await connected((redemptions, programs) =>
    redemptions.quote({
      ...askFrom(options, programs),
      ...(basket !== undefined && {
        basket: moneyFrom(basket, 'basket', programOf(programs, program)),
      }),
    }),
  );
  output.show(answer, quoteText(answer));
}

function askFrom({ program, member, points, amount }: AskOptions, programs: Programs) {
  return {
    program,
    member,
    ...pointsFrom(points),
    ...(amount !== undefined && {
      amount: moneyFrom(amount, 'amount', programOf(programs, program)),
    }),
  };
}
