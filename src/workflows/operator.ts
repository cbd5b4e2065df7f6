/** Receives an operator's acts on a sale that needs attention, and refuses those that do not fit its status. */
import {
  ApplicationFailure,
  condition,
  defineSignal,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';
import type { Act, ActKind, OperatorAnswer, Resolution } from '../domain/acts.ts';
import { attention } from '../domain/attention.ts';
import type { DeductionOrder } from '../domain/orders.ts';
import type { AttentionReason } from '../domain/statuses.ts';
import { confirmReference } from './activities.ts';

const retry = defineUpdate<void, [act: Act]>('retry');
/** The same act as a signal, because Temporal's batch operations send signals and no updates. */
const retrySignal = defineSignal<[act: unknown]>('retry');
const resolve = defineUpdate<void, [resolution: Resolution]>('resolve');

export class Operator {
  #waiting: AttentionReason | undefined;
  #answer: OperatorAnswer | undefined;
  readonly #note: (what: string) => void;
  /** The order that an adopted reference must belong to. */
  #order: DeductionOrder | undefined;

  constructor(note: (what: string) => void) {
    this.#note = note;
  }

  receiveMessages(): void {
    setHandler(retry, (act: Act) => this.#give({ kind: 'retry' }, act), {
      validator: (act: Act) => {
        this.#demand('retry');
        demandAct(act);
      },
      description:
        'Retries what waits for an operator: {"by": "olivia", "why": "the provider is back"}. Refused, with the reason, when there is nothing to retry.',
    });
    setHandler(
      retrySignal,
      (payload) => {
        const act = isAct(payload) ? payload : { by: 'unnamed', why: 'a batch' };
        if (this.#fits('retry')) this.#give({ kind: 'retry' }, act);
        else this.#note('a retry was ignored: there was nothing to try again');
      },
      {
        description:
          'Retries what waits for an operator, for one sale or a batch: {"by": "olivia", "why": "the provider is back"}. Ignored when there is nothing to retry.',
      },
    );
    setHandler(resolve, (resolution) => this.#resolve(resolution), {
      validator: (resolution: Resolution) => this.#validate(resolution),
      description:
        'Settles what waits for an operator: {"resolution": "restored", "by": "olivia", "why": "given back by hand"}. The resolution is adopt (with the provider\'s "reference"), not-deducted, restored, deduct-again or accept. The details of the run say which of them are possible.',
    });
  }

  /** Waits for an answer that fits the reason, or until the sale is `settled` without one. */
  async wait(
    reason: AttentionReason,
    { settled, order }: { settled: () => boolean; order: DeductionOrder | undefined },
  ): Promise<OperatorAnswer | undefined> {
    this.#waiting = reason;
    this.#order = order;
    await condition(() => this.#answer !== undefined || settled());
    const answer = this.#answer;
    this.#waiting = undefined;
    this.#answer = undefined;
    return answer;
  }

  async #resolve(resolution: Resolution): Promise<void> {
    if (resolution.resolution !== 'adopt')
      return this.#give({ kind: resolution.resolution }, resolution);
    const reference = resolution.reference ?? '';
    if (this.#order !== undefined) await confirmReference(this.#order, reference);
    // Another answer may have been given while this one was confirmed.
    this.#validate(resolution);
    this.#give({ kind: 'adopt', reference }, resolution);
  }

  #give(answer: OperatorAnswer, { by, why }: Act): void {
    this.#answer = answer;
    this.#note(
      `${by}: ${answer.kind}${answer.kind === 'adopt' ? ` ${answer.reference}` : ''} (${why})`,
    );
  }

  #validate(resolution: Resolution): void {
    const { resolution: kind, reference } = resolution;
    this.#demand(kind);
    demandAct(resolution);
    if (kind === 'adopt' && (typeof reference !== 'string' || reference === ''))
      refuse("reference must be the provider's reference of the deduction to adopt");
  }

  #fits(act: ActKind): boolean {
    if (this.#waiting === undefined || this.#answer !== undefined) return false;
    return attention[this.#waiting].acts.includes(act);
  }

  #demand(act: ActKind): void {
    if (this.#fits(act)) return;
    if (this.#waiting === undefined || this.#answer !== undefined)
      refuse('this redemption does not wait for an operator: check its status');
    const acts = attention[this.#waiting].acts.join(' or ');
    refuse(`while it waits for ${this.#waiting}, only ${acts} is possible`);
  }
}

function demandAct(act: unknown): void {
  if (!isAct(act))
    refuse('by must say who acts, and why must say the reason (1 to 200 characters each)');
}

function isAct(act: unknown): act is Act {
  if (typeof act !== 'object' || act === null) return false;
  const { by, why } = act as Record<string, unknown>;
  return [by, why].every(
    (text) => typeof text === 'string' && text.length >= 1 && text.length <= 200,
  );
}

function refuse(message: string): never {
  throw ApplicationFailure.nonRetryable(message, 'act-refused');
}
