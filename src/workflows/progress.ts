/** What every workflow of a sale has: where it stands, how it is seen, and the operator who can be waited for. */
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
import { RedemptionState } from '../domain/redemption-state.ts';
import type { Explanation, Opening, RedemptionView } from '../domain/redemption-view.ts';
import type { AttentionReason, Reason, Status } from '../domain/statuses.ts';
import { detailsOf, type SaleFacts } from './details.ts';
import { status } from './messages.ts';
import { Notifier } from './notifications.ts';
import { Operator } from './operator.ts';
import { SearchEntry } from './visibility.ts';

interface Waiting {
  /** What was heard last, in words. */
  readonly detail?: string | undefined;
  readonly settled?: (() => boolean) | undefined;
  /** Where a reference can be adopted: the deduction that it must belong to. */
  readonly order?: DeductionOrder | undefined;
}

export class Progress {
  readonly #state: RedemptionState;
  readonly #operator = new Operator((what) => this.note(what));
  readonly #notifier = new Notifier();
  readonly #searchEntry = new SearchEntry();
  #facts: SaleFacts = {};
  #notifies: boolean;

  /** `notifies`: whether the POS is told what becomes of the sale. */
  constructor(opening: Opening, notifies = false) {
    this.#notifies = notifies;
    this.#state = new RedemptionState(opening);
  }

  /** Called before the first await. */
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

  /** Shown with the next move or note. */
  knows(facts: SaleFacts): void {
    this.#facts = { ...this.#facts, ...facts };
  }

  move(to: Status, explanation: Explanation = {}): void {
    const from = this.status;
    this.#state.move(to, new Date(), explanation);
    if (isNotified(from, to)) this.tell(this.view());
    this.#searchEntry.show(this.view());
    this.#showDetails();
  }

  /** The end of a give-back: what an operator let stand completes the sale. */
  end(ending: 'completed' | 'compensated', reason: Reason | undefined): void {
    this.move(ending, ending === 'compensated' && reason !== undefined ? { reason } : {});
  }

  /** Open and visible until a person answers, or until the sale is `settled` otherwise: then there is no answer. */
  async needAttention(
    reason: AttentionReason,
    { detail, settled = () => false, order }: Waiting = {},
  ): Promise<OperatorAnswer | undefined> {
    const { nextStep, acts } = attention[reason];
    this.move('needs-attention', {
      reason,
      message: detail === undefined ? nextStep : `${nextStep} Last message: ${detail}.`,
      acts,
    });
    return this.#operator.wait(reason, { settled, order });
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

  /** The last that a run awaits: what is not handed on, and who is not answered, would be lost with it. */
  async finish(): Promise<void> {
    await this.flush();
    await condition(allHandlersFinished);
  }

  /** Costs no event: the UI asks for it. */
  #showDetails(): void {
    setCurrentDetails(detailsOf(this.view(), this.#facts));
  }

  view(): RedemptionView {
    return this.#state.view();
  }
}
