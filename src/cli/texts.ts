/** What the command line tells of redemptions, whose words come from Temporal and from providers: every text makes them printable. */
import Table from 'cli-table3';
import type { QuoteAnswer } from '../client/quote.ts';
import type { ListedRedemption } from '../client/redemption-list.ts';
import { commandsFor } from '../domain/operator-commands.ts';
import type { RedemptionView } from '../domain/redemption-view.ts';
import { timeText } from '../domain/time-text.ts';
import { colors } from './colors.ts';
import { printableAnswer } from './printable.ts';

/** The part of a redemption that a till acts on. */
export function tillView(view: RedemptionView): object {
  const { program, redemptionId, status, reason, granted, points, discount, providerReference } =
    view;
  return { program, redemptionId, status, reason, granted, points, discount, providerReference };
}

export function answerText(view: RedemptionView): string {
  const { program, redemptionId, points, discount, granted, message, providerReference } =
    printableAnswer(view);
  const grant = granted
    ? colors.green(`granted: ${points} points for ${discount.amount} ${discount.currency}`)
    : colors.yellow('not granted');
  return [
    `${grant}  ${colors.dim(`${program} ${redemptionId}`)}`,
    `status     ${statusText(view)}`,
    ...(message === undefined ? [] : [`because    ${message}`]),
    ...(providerReference === undefined ? [] : [`reference  ${providerReference}`]),
  ].join('\n');
}

export function timelineText(view: RedemptionView): string {
  const timeline = printableAnswer(view.timeline).map(
    ({ at, what }) => `  ${colors.dim(timeText(at))}  ${what}`,
  );
  return [answerText(view), ...timeline].join('\n');
}

/** The status with its timeline, and the commands to copy while it waits for an operator. */
export function showText(view: RedemptionView): string {
  const commands = commandsFor(printableAnswer(view)).map((command) => `  ${command}`);
  return [timelineText(view), ...(commands.length === 0 ? [] : ['next', ...commands])].join('\n');
}

/** What an operator is about to act on. */
export function actText(act: string, view: RedemptionView): string {
  const { program, redemptionId, points, discount } = printableAnswer(view);
  const worth = `${points} points for ${discount.amount} ${discount.currency}`;
  return `${act} ${redemptionId} in ${program}: ${statusText(view)}, ${worth}`;
}

export function quoteText(answer: QuoteAnswer): string {
  const quote = printableAnswer(answer);
  const worth =
    quote.points === undefined || quote.discount === undefined
      ? []
      : [`${quote.points} points are worth ${quote.discount.amount} ${quote.discount.currency}`];
  const balance = quote.balance === undefined ? [] : [`the member has ${quote.balance} points`];
  const grant = quote.redeemable
    ? colors.green('can be redeemed')
    : colors.yellow(`cannot be redeemed: ${quote.message ?? quote.reason ?? 'refused'}`);
  return [...worth, ...balance, grant].join('\n');
}

export function listText(redemptions: readonly ListedRedemption[], more: boolean): string {
  if (redemptions.length === 0) return 'no redemptions found';
  const table = new Table({
    head: ['program', 'redemption', 'status', 'store', 'started (UTC)'],
    style: { head: [], border: [] },
  });
  for (const redemption of printableAnswer(redemptions))
    table.push([
      redemption.program,
      redemption.redemptionId,
      statusText(redemption),
      redemption.store ?? '',
      redemption.startedAt.slice(0, 16).replace('T', ' '),
    ]);
  const cutOff = more
    ? [`Only the latest ${redemptions.length} are listed: --limit shows more.`]
    : [];
  return [table.toString(), ...cutOff].join('\n');
}

function statusText(of: { status: string; reason?: string }): string {
  const { status, reason } = printableAnswer(of);
  return reason === undefined ? status : `${status} (${reason})`;
}
