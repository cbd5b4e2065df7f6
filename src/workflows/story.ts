/** What every workflow of a sale has: where it stands, how it is seen, and the operator who can be waited for. */
import { setHandler, upsertSearchAttributes } from '@temporalio/workflow';
import type { DeductionOrder } from '../activities/deduction.ts';
import { confirmReference } from './activities.ts';
import { attention } from './attention.ts';
import { status } from './messages.ts';
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
  /** Set before a deduction is attempted: what an adopted reference is held against. */
  order: DeductionOrder | undefined;

  constructor(opening: Opening) {
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

  quoted({ points, discount }: Pick<RedemptionView, 'points' | 'discount'>): void {
    this.#state.quoted(points, discount);
  }

  deducted(reference: string): void {
    this.#state.deducted(reference);
  }

  note(what: string): void {
    this.#state.note(new Date(), what);
  }

  move(to: Status, explanation: Explanation = {}): void {
    this.#state.move(to, new Date(), explanation);
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

  view(): RedemptionView {
    return this.#state.view();
  }
}
