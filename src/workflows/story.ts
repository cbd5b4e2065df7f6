/** What every workflow of a sale has: where it stands, how it is seen, and the operator who can be waited for. */
import { setHandler, upsertSearchAttributes } from '@temporalio/workflow';
import type { Terms } from '../activities/balance.ts';
import type { DeductionOrder } from '../activities/deduction.ts';
import { confirmReference } from './activities.ts';
import { attention } from './attention.ts';
import { status } from './messages.ts';
import { Teller, isNews } from './news.ts';
import { Operator, type OperatorAnswer } from './operator.ts';
import {
  RedemptionState,
  type AttentionReason,
  type Explanation,
  type Opening,
  type RedemptionView,
  type Status,
} from './redemption-state.ts';
import { searchAttributes } from './search-attributes.ts';

export class Story {
  readonly #state: RedemptionState;
  readonly #opening: Opening;
  readonly #operator: Operator;
  readonly #teller = new Teller();
  #notifies: boolean;
  /** Set before a deduction is attempted: what an adopted reference is held against. */
  order: DeductionOrder | undefined;

  /** `notifies`: whether the POS is told what becomes of the sale. */
  constructor(opening: Opening, notifies = false) {
    this.#notifies = notifies;
    this.#state = new RedemptionState(opening);
    this.#opening = opening;
    this.#operator = new Operator(
      (what) => this.note(what),
      async (reference) => {
        if (this.order !== undefined) await confirmReference(this.order, reference);
      },
    );
  }

  /** Called before the first await. */
  receiveMessages(): void {
    setHandler(status, () => this.view(), { description: 'Where the redemption stands.' });
    this.#operator.receiveMessages();
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
  }

  move(to: Status, explanation: Explanation = {}): void {
    const from = this.status;
    this.#state.move(to, new Date(), explanation);
    if (isNews(from, to)) this.tell(this.view());
    // These two pass at once when all is well: not worth an event of history each.
    if (to === 'deducting' || to === 'fulfilling') return;
    upsertSearchAttributes([
      { key: searchAttributes.status, value: to },
      { key: searchAttributes.reason, value: explanation.reason ?? null },
      { key: searchAttributes.program, value: this.#opening.program },
      { key: searchAttributes.store, value: this.#opening.store },
      { key: searchAttributes.reference, value: this.view().providerReference ?? null },
    ]);
  }

  /** Open and visible until a person answers, or until the sale is `settled` otherwise: then there is no answer. */
  async needAttention(
    reason: AttentionReason,
    { detail, settled = () => false }: { detail?: string; settled?: () => boolean } = {},
  ): Promise<OperatorAnswer | undefined> {
    const { nextStep, acts } = attention[reason];
    this.move('needs-attention', {
      reason,
      message: detail === undefined ? nextStep : `${detail}. ${nextStep}`,
      acts,
    });
    return this.#operator.wait(reason, settled);
  }

  tell(redemption: RedemptionView): void {
    if (this.#notifies) this.#teller.tell(redemption);
  }

  get notifies(): boolean {
    return this.#notifies;
  }

  /** Awaited before the end of a run: news that were not handed on would be lost with it. */
  get told(): Promise<void> {
    return this.#teller.told;
  }

  view(): RedemptionView {
    return this.#state.view();
  }
}
