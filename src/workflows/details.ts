/** Writes what Temporal UI shows of a run, in markdown. It is plain code without Temporal, and never sees personal data. */
import { commandsFor } from '../domain/operator-commands.ts';
import type { RedemptionView } from '../domain/redemption-view.ts';
import { isKnown, moneyText } from '../domain/summary.ts';
import { timeText } from '../domain/time-text.ts';

/** Facts about a sale that its state does not hold. Times are ISO 8601. */
export interface SaleFacts {
  /** In words, such as "captured". */
  readonly payment?: string;
  /** When the till's answer is final. */
  readonly deductBy?: string;
  /** When the points go back unless the payment was captured. */
  readonly paymentBy?: string;
}

/** Two no-break spaces, because the UI leaves no room between the columns of a table. */
const GAP = '\u00a0\u00a0';
const MOST_STEPS = 30;
const LONGEST_TEXT = 300;
const LONGEST_MESSAGE = 1_200;

export function detailsOf(view: RedemptionView, facts: SaleFacts): string {
  return [tableOf(view, facts), nextStepOf(view), timelineOf(view)]
    .filter((part) => part !== '')
    .join('\n\n');
}

function tableOf(view: RedemptionView, { payment, deductBy, paymentBy }: SaleFacts): string {
  const { status, reason, granted, discount, providerReference } = view;
  const rows: [string, string | undefined][] = [
    ['status', reason === undefined ? status : `${status} (${reason})`],
    ['discount granted', granted ? 'yes' : 'no'],
    ['points', view.points > 0 ? String(view.points) : undefined],
    ['discount', isKnown(discount) ? moneyText(discount) : undefined],
    ['payment', status === 'declined' ? undefined : payment],
    ['provider reference', providerReference],
    ['deduct by', deductBy && timeText(deductBy)],
    ['payment by', paymentBy && timeText(paymentBy)],
    ['sale', `${view.redemptionId}, store ${view.store}, ${view.program}`],
  ];
  const known = rows.flatMap(([name, value]) =>
    value === undefined ? [] : [`| ${name}${GAP} | ${escapeMarkdown(value)} |`],
  );
  return ['| | |', '| --- | --- |', ...known].join('\n');
}

/** Says why the sale is in its status. If it needs attention, says what to do, with the commands to copy. */
function nextStepOf(view: RedemptionView): string {
  const { message } = view;
  if (message === undefined) return '';
  const words = escapeMarkdown(message, LONGEST_MESSAGE);
  if (view.status !== 'needs-attention') return `Because: ${words}`;
  const commands = commandsFor(view).map(inShortLines);
  return ['### Next step', words, ['```', ...commands, '```'].join('\n')].join('\n\n');
}

/** Breaks a command into lines, because the UI cuts off what is wider than its frame. */
function inShortLines(command: string): string {
  return command.replaceAll(/ (?=--program|--by)/g, ' \\\n  ');
}

function timelineOf({ timeline }: RedemptionView): string {
  if (timeline.length === 0) return '';
  const left = timeline.length - MOST_STEPS;
  return [
    '### What happened',
    '',
    ...(left > 0 ? [`- … ${left} earlier`] : []),
    ...timeline
      .slice(-MOST_STEPS)
      .map(({ at, what }) => `- ${timeText(at)}: ${escapeMarkdown(what)}`),
  ].join('\n');
}

/** Stands outside the function because it would be compiled at each call, and details are written at every note. */
const NOT_PRINTED = /[\s\p{Cc}\p{Cf}]+/gu;

/** Escapes text from providers and senders: one line, truncated, with its Markdown neutralised. */
function escapeMarkdown(text: string, longest = LONGEST_TEXT): string {
  const line = text.replaceAll(NOT_PRINTED, ' ').trim();
  const cut = line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
  return cut
    .replaceAll(/[\\`*_[\]<>|#~!&]/g, String.raw`\$&`)
    .replaceAll('://', String.raw`\://`)
    .replaceAll(/\bwww\./gi, String.raw`www\.`);
}
