/** One sale as its workflow knows it: the request, the facts about its payment, and its deadline. */
import {
  CancellationScope,
  condition,
  patched,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { DeductionOrder, Terms } from '../domain/orders.ts';
import { PaymentFacts, readPaymentEvent } from '../domain/payment-facts.ts';
import { isOurs, received, type Received } from '../domain/provenance.ts';
import { isDecided } from '../domain/statuses.ts';
import type { Money } from '../schemas/redemption.ts';
import { MOST_ANSWER_MS } from './activities.ts';
import {
  giveUp,
  paymentCaptured,
  paymentVoided,
  pointsDeducted,
  type GiveUp,
  type RedemptionStart,
} from './messages.ts';
import { Progress } from './progress.ts';
import { paymentOutcome } from './payment-outcome.ts';
import { A_TIP_SHOWS_NOTHING, AFTER_A_RESET, PARTS_ADD_UP } from './versions.ts';

export class Sale {
  readonly request: RedemptionStart['request'];
  readonly id: { readonly program: string; readonly redemptionId: string };
  readonly progress: Progress;
  /** When the till's answer is final: milliseconds since the epoch, by the server's clock. */
  readonly deductBy: number;
  /** How long the provider may take to answer the deduction. */
  readonly answerMs: number;
  /** Needed by a reversal or a case. Set before the deduction is attempted. */
  order: DeductionOrder | undefined;
  /** The agreed terms. Absent before the balance check. */
  terms: Terms | undefined;
  readonly facts = new PaymentFacts();

  /** True if a local activity reads the balance first. */
  readonly asksAtOnce: boolean;

  readonly fingerprint: RedemptionStart['fingerprint'];
  #cancelled = false;
  #isGivingBack = false;
  #isLateCaptured = false;

  constructor({ request, fingerprint, deductByMs, version = 1 }: RedemptionStart) {
    const { program, redemptionId, points = 0, amount, basket, store } = request;
    this.request = request;
    this.id = { program, redemptionId };
    const discount = amount ?? zero(basket);
    this.deductBy = workflowInfo().startTime.getTime() + deductByMs;
    this.progress = new Progress({
      ...this.id,
      store,
      status: 'checking-balance',
      points,
      discount,
    });
    this.progress.knows({ payment: 'open', deductBy: new Date(this.deductBy).toISOString() });
    this.answerMs = Math.min(MOST_ANSWER_MS, Math.floor(deductByMs / 2));
    this.asksAtOnce = version >= 2;
    this.fingerprint = fingerprint;
  }

  /** Must be called before the first await. Signal handlers only record, because one that throws would fail the run. */
  receiveMessages(): void {
    this.progress.receiveMessages();
    setHandler(paymentCaptured, (event) => this.record('captured', received(event).content), {
      description:
        'Records that the payment of the sale was captured: {"eventId": "evt-1", "paymentId": "pay-1", "amount": {"amount": "15.00", "currency": "GBP"}}. Only eventId is required. A repeated event changes nothing.',
    });
    setHandler(paymentVoided, (event) => this.record('voided', received(event).content), {
      description:
        'Records that the sale or its payment was voided, so that the points go back: {"eventId": "evt-2", "paymentId": "pay-1", "reason": "customer left"}. Only eventId is required. Without paymentId the whole sale is voided.',
    });
    setHandler(giveUp, (message) => this.#giveUp(received(message)), {
      description:
        'Ends the sale, because the request that started it has waited in vain: {"key": "of the fingerprint", "waited": "5s"}. The client sends it, encrypted. Ignored from any other request.',
    });
    setHandler(
      pointsDeducted,
      async () => {
        // Shielded like the saga, so that a waiting till is answered even if the run is cancelled meanwhile.
        await CancellationScope.nonCancellable(() => this.#untilDecided());
        return { redemption: this.progress.view(), fingerprint: this.fingerprint };
      },
      {
        description:
          'Returns the answer for the till as soon as the points are deducted or refused. Takes no input and changes nothing.',
      },
    );
  }

  /** Only the request that started this run can give it up: another one speaks for itself alone. */
  #giveUp(message: Received): void {
    const { key, waited } = (message.content ?? {}) as Partial<GiveUp>;
    if (!isOurs(message) || key !== this.fingerprint.key) return;
    this.record('voided', { eventId: 'no-answer', reason: `no answer in ${String(waited)}` });
  }

  /** Sets a timer only while the outcome is unknown, because every other step ends before the deadline by itself. */
  async #untilDecided(): Promise<void> {
    const { progress } = this;
    await condition(() => isDecided(progress.status) || progress.status === 'resolving-deduction');
    if (!isDecided(progress.status))
      await condition(() => isDecided(progress.status), Math.max(this.leftMs(), 1), {
        summary: 'deduct by: the answer for the till is final',
      });
  }

  /** Records an event. A repetition changes nothing, and a wrong shape is noted and ignored. */
  record(kind: 'captured' | 'voided', payload: unknown): void {
    const event = readPaymentEvent(payload);
    if (event === undefined) {
      this.progress.note(`a message of the wrong shape was ignored (${kind})`);
    } else if (this.facts.record(kind, event)) {
      this.progress.knows({ payment: this.#paymentOutcome });
      const isPart = kind === 'voided' && !this.facts.voided.includes(event.paymentId ?? '');
      this.progress.note(isPart ? 'a part of the payment was refunded' : `payment ${kind}`);
      if (kind === 'captured' && this.#isGivingBack) this.#isLateCaptured = true;
    }
  }

  givesBack(): void {
    this.#isGivingBack = true;
  }

  /** Captured while the points were going back for another reason than a void of that payment. */
  get isLateCaptured(): boolean {
    return this.#isLateCaptured && this.#paymentOutcome === 'captured';
  }

  /** A cancellation from Temporal is one more fact about the sale. */
  cancel(): void {
    this.#cancelled = true;
    this.progress.note('cancellation requested');
  }

  get isPaid(): boolean {
    return this.#paymentOutcome === 'captured';
  }

  /** True if the customer paid exactly the basket, so that the discount was not given. More may hold a tip. */
  get isPaidInFull(): boolean {
    const { basket } = this.request;
    const standing = this.facts.excessOver(basket);
    const largest = this.facts.excessOver(basket, 'largest');
    const excess = standing === largest || patched(PARTS_ADD_UP) ? standing : largest;
    return excess === 0 || (excess > 0 && !patched(A_TIP_SHOWS_NOTHING));
  }

  /** Why the sale is over early. A void counts more than a cancellation. */
  get stopped(): 'payment-voided' | 'cancelled' | undefined {
    if (this.#paymentOutcome === 'voided') return 'payment-voided';
    return this.#cancelled ? 'cancelled' : undefined;
  }

  /**
   * True if an operator has reset the run, so that it may repeat what it did before. The part of its history that it keeps
   * was decided without this rule. The marker that a patch leaves separates the two parts.
   */
  get isReset(): boolean {
    const { runId, firstExecutionRunId } = workflowInfo();
    return runId !== firstExecutionRunId && patched(AFTER_A_RESET);
  }

  /** Milliseconds until the till's answer is final. */
  leftMs(): number {
    return this.deductBy - Date.now();
  }

  /** True if the till was, or will be, told no. A run that was reset answered its till before, whatever the clock says now. */
  get isTooLate(): boolean {
    return !this.isReset && this.leftMs() <= 0;
  }

  get #paymentOutcome() {
    return paymentOutcome(this.facts, this.terms?.paymentAttempts ?? 'one');
  }
}

/** Writes zero with as many decimals as the basket, which has those of its currency. */
function zero({ amount, currency }: Money): Money {
  return { amount: amount.replace(/^\d+/, '0').replaceAll(/[1-9]/g, '0'), currency };
}
