/** The status of a sale's workflow, how others see it, and the wait for an operator. Every workflow of a sale has one. */
import {
  allHandlersFinished,
  condition,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import type { OperatorAnswer } from '../domain/acts.ts';
import { attention } from '../domain/attention.ts';
import { isNotified } from '../domain/notification.ts';
import type { DeductionOrder, Terms } from '../domain/orders.ts';
import { IllegalMove, RedemptionState } from '../domain/redemption-state.ts';
import type {
  Explanation,
  Opening,
  RedemptionView,
  TimelineEntry,
} from '../domain/redemption-view.ts';
import type { AttentionReason, Reason, Status } from '../domain/statuses.ts';
import { detailsOf, type SaleFacts } from './details.ts';
import { status } from './messages.ts';
import { Notifier } from './notifications.ts';
import { Operator } from './operator.ts';
import { SearchEntry } from './visibility.ts';

interface Waiting {
  /** The latest cause, in words. */
  readonly detail?: string | undefined;
  readonly settled?: (() => boolean) | undefined;
  /** Given where an operator may adopt a reference, which must belong to this deduction. */
  readonly order?: DeductionOrder | undefined;
}

export class Progress {
  readonly #state: RedemptionState;
  readonly #operator: Operator;
  readonly #notifier = new Notifier();
  readonly #searchEntry = new SearchEntry();
  #facts: SaleFacts = {};
  #notifies: boolean;

  /** With `notifies`, the POS receives notifications. `earlier` is what happened before. */
  constructor(opening: Opening, notifies = false, earlier: readonly TimelineEntry[] = []) {
    this.#notifies = notifies;
    this.#state = new RedemptionState(opening, earlier);
    this.#operator = new Operator(opening, (what) => this.note(what));
  }

  /** Must be called before the first await, so that no message arrives without a handler. */
  receiveMessages(): void {
    setHandler(status, () => this.view(), {
      description:
        'The status of the redemption and its timeline. Takes no input. Returns {"status": "…", "granted": true, "points": 500, …}.',
    });
    this.#operator.receiveMessages();
    this.#showDetails();
  }

  get status(): Status {
    return this.#state.status;
  }

  quoted({ points, discount, notifies = false }: Terms): void {
    this.#state.quoted(points, discount);
    this.#notifies = notifies;
  }

  deducted(reference: string): void {
    this.#state.deducted(reference);
  }

  note(what: string): void {
    this.#state.note(new Date(), what);
    this.#showDetails();
  }

  /** Remembers facts, which the next move or note shows. */
  knows(facts: SaleFacts): void {
    this.#facts = { ...this.#facts, ...facts };
  }

  move(to: Status, explanation: Explanation = {}): void {
    const from = this.status;
    this.#state.move(to, new Date(), explanation);
    this.#show(from);
  }

  /** Tells whoever follows the sale that it has moved. */
  #show(from: Status): void {
    if (isNotified(from, this.status)) this.tell(this.view());
    this.#searchEntry.show(this.view());
    this.#showDetails();
  }

  /** Ends a give-back. If an operator let something stand, the sale is completed. */
  end(ending: 'completed' | 'compensated', reason: Reason | undefined): void {
    this.move(ending, ending === 'compensated' && reason !== undefined ? { reason } : {});
  }

  /** Waits, visibly, for a person's answer. Returns `undefined` if the sale is `settled` in another way first. */
  async needAttention(
    reason: AttentionReason,
    { detail, settled = () => false, order }: Waiting = {},
  ): Promise<OperatorAnswer | undefined> {
    this.move('needs-attention', whyAttention(reason, detail));
    return this.#operator.wait(reason, { settled, order });
  }

  /**
   * Stops a workflow that came to an illegal move, and ends the sale as a person says. Thrown on, it would fail the
   * workflow task again and again, and nobody could see or settle the sale.
   */
  async settleByHand(error: unknown): Promise<'completed' | 'compensated'> {
    if (!(error instanceof IllegalMove)) throw error;
    const from = this.status;
    this.#state.halt(new Date(), whyAttention('illegal-move', error.message));
    this.#show(from);
    const never = () => false;
    const answer = await this.#operator.wait('illegal-move', { settled: never, order: undefined });
    const kind = answer?.kind === 'accept' ? 'completed' : 'compensated';
    this.end(kind, 'operator');
    await this.finish();
    return kind;
  }

  tell(redemption: RedemptionView): void {
    if (this.#notifies) this.#notifier.tell(redemption);
  }

  get notifies(): boolean {
    return this.#notifies;
  }

  /** Resolves when every notification was handed on. */
  async flush(): Promise<void> {
    await this.#notifier.flush();
  }

  /** A run awaits this last, because notifications and updates that are not finished would be lost with it. */
  async finish(): Promise<void> {
    await this.flush();
    await condition(allHandlersFinished);
  }

  /** Costs no event, because the UI asks for the details when it shows them. */
  #showDetails(): void {
    setCurrentDetails(detailsOf(this.view(), this.#facts));
  }

  view(): RedemptionView {
    return this.#state.view();
  }
}

function whyAttention(reason: AttentionReason, detail: string | undefined): Explanation {
  const { nextStep, acts } = attention[reason];
  const message = detail === undefined ? nextStep : `${nextStep} Last message: ${detail}.`;
  return { reason, message, acts };
}
