/** What every workflow of a sale has: where it stands, how it is seen, and the operator who can be waited for. */
import { setCurrentDetails, setHandler } from '@temporalio/workflow';
import type { OperatorAnswer } from '../domain/acts.ts';
import { attention } from '../domain/attention.ts';
import { isNotified } from '../domain/notification.ts';
import type { DeductionOrder, Terms } from '../domain/orders.ts';
import { RedemptionState } from '../domain/redemption-state.ts';
import type { Explanation, Opening, RedemptionView } from '../domain/redemption-view.ts';
import type { AttentionReason, Status } from '../domain/statuses.ts';
import { confirmReference } from './activities.ts';
import { detailsOf, type SaleFacts } from './details.ts';
import { status } from './messages.ts';
import { Notifier } from './notifications.ts';
import { Operator } from './operator.ts';
import { SearchEntry } from './visibility.ts';

export class Progress {
  readonly #state: RedemptionState;
  readonly #operator: Operator;
  readonly #notifier = new Notifier();
  readonly #searchEntry = new SearchEntry();
  #facts: SaleFacts = {};
  #notifies: boolean;
  /** Set before a deduction is attempted: what an adopted reference is held against. */
  order: DeductionOrder | undefined;

  /** `notifies`: whether the POS is told what becomes of the sale. */
  constructor(opening: Opening, notifies = false) {
    this.#notifies = notifies;
    this.#state = new RedemptionState(opening);
    this.#operator = new Operator(
      (what) => this.note(what),
      async (reference) => {
        if (this.order !== undefined) await confirmReference(this.order, reference);
      },
    );
  }

  /** Called before the first await. */
  receiveMessages(): void {
    setHandler(status, () => this.view(), {
      description:
        'Where the redemption stands, with its whole timeline. Takes no input; answers {"status": "…", "granted": true, "points": 500, …}.',
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

  /** Open and visible until a person answers, or until the sale is `settled` otherwise: then there is no answer. */
  async needAttention(
    reason: AttentionReason,
    { detail, settled = () => false }: { detail?: string; settled?: () => boolean } = {},
  ): Promise<OperatorAnswer | undefined> {
    const { nextStep, acts } = attention[reason];
    this.move('needs-attention', {
      reason,
      message: detail === undefined ? nextStep : `${nextStep} Last heard: ${detail}.`,
      acts,
    });
    return this.#operator.wait(reason, settled);
  }

  tell(redemption: RedemptionView): void {
    if (this.#notifies) this.#notifier.tell(redemption);
  }

  get notifies(): boolean {
    return this.#notifies;
  }

  /** Awaited before the end of a run, because a notification that was not handed on would be lost with it. */
  get told(): Promise<void> {
    return this.#notifier.told;
  }

  /** Costs no event: the UI asks for it. */
  #showDetails(): void {
    setCurrentDetails(detailsOf(this.view(), this.#facts));
  }

  view(): RedemptionView {
    return this.#state.view();
  }
}
