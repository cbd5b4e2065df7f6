/** The verbs of tills and payment systems. */
import type { Command } from 'commander';
import { programOf } from '../client/request-check.ts';
import type { Programs } from '../programs/programs.ts';
import { durationFrom, given, moneyFrom, pointsFrom } from './arguments.ts';
import { connected, print, saleVerb, verb, wantsJson, type SaleOptions } from './command.ts';
import { answerText, printJson, printText, quoteText, timelineText } from './output.ts';

const NOT_GRANTED = 2;

interface AskOptions {
  readonly program: string;
  readonly member: string;
  readonly points?: string;
  readonly amount?: string;
  readonly json?: true;
}

function askVerb(name: string, description: string): Command {
  return verb(name, description)
    .requiredOption('--program <program>', 'the program')
    .requiredOption('--member <member>', 'the member, as the provider knows them')
    .option('--points <n>', 'how many points')
    .option('--amount <amount>', 'or how much of the sale, such as 5.00');
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

type RedeemOptions = SaleOptions &
  AskOptions & {
    readonly basket: string;
    readonly store: string;
    readonly till: string;
    readonly cashier?: string;
    readonly saleTime?: string;
    readonly deductBy?: string;
    readonly paymentDeadline?: string;
  };

askVerb('redeem', 'take points for a sale, and say whether the discount is granted')
  .requiredOption('--id <id>', 'the redemption: made by the POS, never reused')
  .requiredOption('--basket <amount>', 'the value of the sale, such as 20.00')
  .requiredOption('--store <store>', 'the store')
  .requiredOption('--till <till>', 'the till')
  .option('--cashier <cashier>', 'the cashier')
  .option('--sale-time <time>', 'when the sale was made, ISO 8601 with zone (default: now)')
  .option('--deduct-by <duration>', 'when the answer is final, 1s to 10m (default: 30s)')
  .option('--payment-deadline <duration>', 'how long the points wait for the payment, 1s to 30d')
  .action(async (options: RedeemOptions) => {
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
    print(answer, answerText);
    if (!answer.granted) process.exitCode = NOT_GRANTED;
  });

type ReportOptions = SaleOptions & {
  readonly event?: string;
  readonly payment?: string;
  readonly amount?: string;
  readonly reason?: string;
};

async function report(kind: 'capture' | 'void', options: ReportOptions): Promise<void> {
  const { program, id, event, payment, amount, reason } = options;
  const sale = { program, redemptionId: id };
  await connected(async (redemptions, programs) => {
    await redemptions[kind](sale, {
      ...given({ eventId: event, paymentId: payment, reason }),
      ...(amount !== undefined && {
        amount: moneyFrom(amount, 'amount', programOf(programs, program)),
      }),
    });
    // It is recorded by now; where it led to is only told where a worker can be asked.
    const view = await redemptions.status(sale).catch(() => undefined);
    if (view !== undefined) print(view, answerText);
    else if (wantsJson) printJson({ program, redemptionId: id });
    else printText('recorded');
  });
}

saleVerb('capture', "record that the sale's payment was captured")
  .option('--event <id>', "the event's id, so that a repetition is recognised")
  .option('--payment <id>', 'the payment')
  .option('--amount <amount>', 'what was captured')
  .action((options: ReportOptions) => report('capture', options));

saleVerb('void', 'record that the sale, or its payment, was voided: the points go back')
  .option('--event <id>', "the event's id, so that a repetition is recognised")
  .option('--payment <id>', 'the payment, when it is not the whole sale that is voided')
  .option('--reason <text>', 'why; nothing personal')
  .action((options: ReportOptions) => report('void', options));

saleVerb('status', 'where a redemption stands').action(async ({ program, id }: SaleOptions) => {
  print(
    await connected((redemptions) => redemptions.status({ program, redemptionId: id })),
    timelineText,
  );
});

saleVerb('wait', 'wait until a redemption has ended')
  .option('--timeout <duration>', 'how long', '1h')
  .action(async ({ program, id, timeout }: SaleOptions & { readonly timeout: string }) => {
    const limitMs = durationFrom(timeout, 'timeout');
    if (!wantsJson) process.stderr.write(`waiting for ${program} ${id}, at most ${timeout}\n`);
    print(
      await connected((redemptions) => redemptions.wait({ program, redemptionId: id }, limitMs)),
      timelineText,
    );
  });

askVerb('quote', 'what points are worth, and whether the member has them; takes nothing')
  .option('--basket <amount>', 'the value of the sale')
  .action(async (options: AskOptions & { readonly basket?: string }) => {
    const { program, basket } = options;
    const answer = await connected((redemptions, programs) =>
      redemptions.quote({
        ...askFrom(options, programs),
        ...(basket !== undefined && {
          basket: moneyFrom(basket, 'basket', programOf(programs, program)),
        }),
      }),
    );
    if (wantsJson) printJson(answer);
    else printText(quoteText(answer));
  });
