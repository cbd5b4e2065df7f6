/** Receives an operator's acts on a sale that needs attention, and refuses those that do not fit its status. */
import {
  ApplicationFailure,
  condition,
  defineSignal,
  defineUpdate,
  patched,
  setHandler,
} from '@temporalio/workflow';
import type { Act, ActKind, OperatorAnswer, Resolution } from '../domain/acts.ts';
import { attention } from '../domain/attention.ts';
import type { DeductionOrder } from '../domain/orders.ts';
import { received, type Received } from '../domain/provenance.ts';
import type { SaleId } from '../domain/sale-id.ts';
import type { AttentionReason } from '../domain/statuses.ts';
import { confirmReference } from './activities.ts';
import { ADOPTS_WHAT_IT_CHECKED } from './versions.ts';

const retry = defineUpdate<void, [act: unknown]>('retry');
/** The same act as a signal, because Temporal's batch operations send signals and no updates. */
const retrySignal = defineSignal<[act: unknown]>('retry');
const resolve = defineUpdate<void, [resolution: unknown]>('resolve');

export class Operator {
  #waiting: AttentionReason | undefined;
  #answer: OperatorAnswer | undefined;
  readonly #note: (what: string) => void;
  /** The order that an adopted reference must belong to. */
  #order: DeductionOrder | undefined;

  readonly #sale: SaleId;
  /** The content of every act that was accepted, because whoever reads the history can send a copy. */
  readonly #accepted = new Set<string>();

  constructor({ program, redemptionId }: SaleId, note: (what: string) => void) {
    this.#sale = { program, redemptionId };
    this.#note = note;
  }

  receiveMessages(): void {
    setHandler(retry, (input) => this.#give({ kind: 'retry' }, this.#accept(received(input))), {
      validator: (input) => {
        const act = received(input);
        this.#demand('retry');
        this.#demandAct(act);
        this.#demandNew(act);
      },
      description:
        'Retries what waits for an operator: {"program": "coffee-club", "redemptionId": "S12-T3-000417", "by": "olivia", "why": "the provider is back"}. Refused, with the reason, when there is nothing to retry.',
    });
    setHandler(
      retrySignal,
      (payload) => {
        const { provenance, content } = received(payload);
        const act = isAct(content) ? content : { by: 'unnamed', why: 'a batch' };
        if (this.#fits('retry') && provenance !== 'foreign') this.#give({ kind: 'retry' }, act);
        else this.#note('a retry was ignored: there was nothing to try again');
      },
      {
        description:
          'Retries what waits for an operator, for one sale or a batch: {"by": "olivia", "why": "the provider is back"}. Ignored when there is nothing to retry.',
      },
    );
    setHandler(resolve, (input) => this.#resolve(received(input)), {
      validator: (input) => {
        const resolution = received(input);
        this.#validate(resolution);
        this.#demandNew(resolution);
      },
      description:
        'Settles what waits for an operator: {"program": "coffee-club", "redemptionId": "S12-T3-000417", "resolution": "restored", "by": "olivia", "why": "given back by hand"}. The resolution is adopt (with the provider\'s "reference"), not-deducted, restored, deduct-again or accept. The details of the run say which of them are possible.',
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

  async #resolve(message: Received): Promise<void> {
    const resolution = this.#accept(message) as Resolution;
    if (resolution.resolution !== 'adopt')
      return this.#give({ kind: resolution.resolution }, resolution);
    const reference = resolution.reference ?? '';
    const order = this.#order;
    const confirmed = order && (await confirmReference(order, reference));
    // Another answer may have been given while this one was confirmed.
    this.#validate(message);
    if (this.#order !== order && patched(ADOPTS_WHAT_IT_CHECKED))
      refuse('meanwhile it waits for another deduction: check its status');
    this.#give({ kind: 'adopt', reference, balance: confirmed?.balance }, resolution);
  }

  #accept({ content }: Received): Act {
    this.#accepted.add(JSON.stringify(content));
    return content as Act;
  }

  #demandNew({ content }: Received): void {
    if (!this.#accepted.has(JSON.stringify(content))) return;
    refuse(
      'this very act was given before, and may be a copy: to give it again, say in why what is new',
    );
  }

  #give(answer: OperatorAnswer, { by, why }: Act): void {
    this.#answer = answer;
    this.#note(
      `${by}: ${answer.kind}${answer.kind === 'adopt' ? ` ${answer.reference}` : ''} (${why})`,
    );
  }

  #validate(message: Received): void {
    const { resolution: kind, reference } = this.#demandAct(message) as Resolution;
    this.#demand(kind);
    if (kind === 'adopt' && (typeof reference !== 'string' || reference === ''))
      refuse("reference must be the provider's reference of the deduction to adopt");
  }

  /**
   * An act moves points, so it comes through our encryption. What is encrypted for no run in particular (Temporal UI has
   * it encrypted by the codec server) could be copied here from another run, so it names the sale itself.
   */
  #demandAct({ provenance, content }: Received): Act {
    const isUnbound = provenance === 'unbound' || provenance === 'by-hand';
    if (provenance !== 'sealed' && !isUnbound)
      refuse(
        'an act must come encrypted: use the command line, or Temporal UI with its codec server',
      );
    if (!isAct(content))
      return refuse('by must say who acts, and why must say the reason (1 to 200 characters each)');
    const { program, redemptionId } = this.#sale;
    if (isUnbound && (content.program !== program || content.redemptionId !== redemptionId))
      refuse(
        `program and redemptionId must name this sale: "program": "${program}", "redemptionId": "${redemptionId}"`,
      );
    return content;
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
