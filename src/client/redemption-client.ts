/**
 * The verbs on a redemption, for POS backends and payment systems. Every verb is safe to repeat.
 *
 * @example
 * const redemptions = new RedemptionClient({ temporal, programs });
 * const answer = await redemptions.redeem({ program: 'coffee-club', redemptionId: 'S12-T3-000417', member: 'member-1',
 *   points: 500, basket: { amount: '20.00', currency: 'GBP' }, store: 'S12', till: 'T3' });
 * if (answer.granted) giveDiscount(answer.discount);
 */
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { RedemptionError } from '../domain/errors.ts';
import { isLateCapture, isPartOf } from '../domain/payment-facts.ts';
import type { RedemptionView } from '../domain/redemption-view.ts';
import { createKeyCheck } from '../encryption/client-keys.ts';
import { createProvider } from '../loyalty/index.ts';
import type { LoyaltyProvider } from '../loyalty/provider.ts';
import type { Program, Programs } from '../programs/programs.ts';
import { formatDuration } from '../schemas/duration.ts';
import {
  paymentEventSchema,
  type PaymentEvent,
  type RedemptionRequest,
} from '../schemas/redemption.ts';
import { refusedByTemporal } from '../temporal/connection.ts';
import { refuseOldSale, retentionOf } from '../temporal/retention.ts';
import type { FollowUpStart } from '../workflows/messages.ts';
import type { RedeemOptions, RedemptionAnswer } from './answer.ts';
import { hasContent, newFingerprint } from './fingerprint.ts';
import {
  countWaiting,
  resolveOne,
  retryAll,
  retryOne,
  type Act,
  type Resolution,
} from './operator-actions.ts';
import { quote, type QuoteAnswer, type QuoteRequest } from './quote.ts';
import { findRedemptions, type ListFilter, type ListedRedemption } from './redemption-list.ts';
import { checkRequest, parseAs, programOf } from './request-check.ts';
import { handleOf, runsOf, combinedView, untilEnded, type RunType } from './runs.ts';
import { startFollowUp } from './start-follow-up.ts';
import { startRedemption } from './start-redemption.ts';
import { timedOutView } from './timed-out-view.ts';

const DEFAULT_DEDUCT_BY_MS = 30_000;

export class RedemptionClient {
  readonly #temporal: Client;
  readonly #programs: Programs;
  /** One for each program, for it keeps its connection, token and rate. */
  readonly #providers = new Map<string, LoyaltyProvider>();
  readonly #checkKeys: () => Promise<void>;

  /** @throws SettingsError when the Temporal client encrypts nothing, or real programs with the keys of the sandbox */
  constructor({ temporal, programs }: { readonly temporal: Client; readonly programs: Programs }) {
    this.#temporal = temporal;
    this.#programs = programs;
    this.#checkKeys = createKeyCheck(temporal, programs);
  }

  /**
   * Starts a redemption and waits for its answer, at the longest until *deduct by* (default 30 s). Asked again with the
   * same content it tells the present status; `granted` is always of the present.
   * @throws RedemptionError `invalid-request`, `conflict`, `unavailable`, `ended-by-force`
   */
  async redeem(input: RedemptionRequest, options: RedeemOptions = {}): Promise<RedemptionAnswer> {
    const request = checkRequest(input, this.#programs);
    const { program, redemptionId, saleTime } = request;
    await this.#checkKeys();
    if (saleTime !== undefined)
      refuseOldSale(saleTime, await retentionOf(this.#temporal).catch(rethrow));
    const fingerprint = newFingerprint(request);
    const deductByMs = request.deductByMs ?? DEFAULT_DEDUCT_BY_MS;
    const start = { request, fingerprint, deductByMs };
    const first = await startRedemption(
      this.#temporal,
      programOf(this.#programs, program),
      start,
      options,
    );
    if (first === 'no-answer')
      return {
        ...(await this.#giveUp(request, deductByMs)),
        repeated: false,
        wasGranted: false,
      };
    if (first === 'closed')
      return {
        ...(await this.status(program, redemptionId)),
        repeated: true,
        wasGranted: false,
      };
    if (!hasContent(first.fingerprint, request))
      throw new RedemptionError(
        'conflict',
        `redemptionId ${redemptionId} is taken by a request with other content: use a new id for a new sale.`,
        { field: 'redemptionId' },
      );
    const repeated = first.fingerprint.key !== fingerprint.key;
    const answer = repeated ? await this.status(program, redemptionId) : first.redemption;
    if (answer.field === undefined)
      return { ...answer, repeated, wasGranted: first.redemption.granted };
    throw new RedemptionError(
      'invalid-request',
      `${answer.field} ${answer.message ?? 'was refused'}; give the corrected request a new redemptionId.`,
      { field: answer.field },
    );
  }

  /**
   * Records that the sale's payment was captured. After the points went back for another reason than a void of that
   * payment, it opens a case for an operator.
   * @throws RedemptionError `invalid-request`, `unknown-redemption`, `ended-by-force`
   */
  async capture(
    program: string,
    redemptionId: string,
    event: Partial<PaymentEvent> = {},
  ): Promise<void> {
    const payload = eventFrom(event);
    if (await this.#signal('redemption', 'paymentCaptured', program, redemptionId, payload)) return;
    const runs = await this.#runs(program, redemptionId);
    const { view, outcome } = runs[0];
    if (runs.length > 1 || outcome?.kind !== 'compensated' || outcome.order === undefined) return;
    if (!isLateCapture(outcome.voided, payload)) return;
    const { order, fulfils, notifies } = outcome;
    const { paymentId = '', amount } = payload;
    const captured = [...(outcome.captured ?? []), { paymentId, amount }];
    await this.#startOnce('case', { ended: view, order, fulfils, captured, notifies });
  }

  /**
   * Records that the sale, or its payment, was voided. After completion it starts the reversal, once. With an `amount` it is a
   * refund, and a void only when that is all that was captured.
   * @throws RedemptionError `invalid-request`, `unknown-redemption`, `ended-by-force`
   */
  async void(
    program: string,
    redemptionId: string,
    event: Partial<PaymentEvent> = {},
  ): Promise<void> {
    const payload = eventFrom(event);
    if (await this.#signal('redemption', 'paymentVoided', program, redemptionId, payload)) return;
    const latest = (await this.#runs(program, redemptionId)).at(-1);
    if (latest?.type === 'case' && latest.outcome === undefined) {
      await this.#signal('case', 'paymentVoided', program, redemptionId, payload);
      return;
    }
    if (latest?.outcome?.kind !== 'completed' || latest.type === 'reversal') return;
    const { order, fulfils, notifies, captured = [] } = latest.outcome;
    const { paymentId = '', amount } = payload;
    if (order === undefined || isPartOf(captured, [{ paymentId, amount }])) return;
    const reversal: FollowUpStart = { ended: latest.view, order, fulfils, notifies };
    await this.#startOnce('reversal', reversal);
  }

  /**
   * Where a redemption stands, its reversal, watch and case included.
   * @throws RedemptionError `unknown-redemption`, `unavailable`, `ended-by-force`
   */
  async status(program: string, redemptionId: string): Promise<RedemptionView> {
    return combinedView(await this.#runs(program, redemptionId));
  }

  /**
   * Waits until a redemption, and what has followed it by now, has ended.
   * @throws RedemptionError as `status`; `unavailable` when it is still open then
   */
  async wait(program: string, redemptionId: string, limitMs: number): Promise<RedemptionView> {
    programOf(this.#programs, program);
    return untilEnded(this.#temporal, program, redemptionId, limitMs).catch(rethrow);
  }

  /** Tries again what waits for an operator. @throws RedemptionError `refused` when nothing does, and as `status` */
  async retry(program: string, redemptionId: string, act: Act): Promise<void> {
    programOf(this.#programs, program);
    await this.#checkKeys();
    await retryOne(this.#temporal, program, redemptionId, act).catch(rethrow);
  }

  /** Tries again every sale that needs attention and fits the visibility query. Returns how many were told. */
  async retryAll(
    query: string,
    act: Act,
    told: (count: number) => void = () => undefined,
  ): Promise<number> {
    await this.#checkKeys();
    return retryAll(this.#temporal, query, act, told).catch(rethrow);
  }

  /** How many sales `retryAll` would tell now; search is a moment behind. */
  async countWaiting(query: string): Promise<number> {
    return countWaiting(this.#temporal, query).catch(rethrow);
  }

  /** Settles what waits for an operator. @throws RedemptionError `refused`, and as `status` */
  async resolve(program: string, redemptionId: string, resolution: Resolution): Promise<void> {
    programOf(this.#programs, program);
    await this.#checkKeys();
    await resolveOne(this.#temporal, program, redemptionId, resolution).catch(rethrow);
  }

  /** What a redemption would take and give now. Starts nothing. @throws RedemptionError `invalid-request`, `unavailable` */
  async quote(request: QuoteRequest): Promise<QuoteAnswer> {
    return quote(request, this.#programs, (program) => this.#providerOf(program));
  }

  /** The latest redemptions that fit, newest first. @throws RedemptionError `invalid-request` for a filter that fits nothing */
  async list(filter: ListFilter, progress?: (count: number) => void): Promise<ListedRedemption[]> {
    return findRedemptions(this.#temporal, this.#programs, filter, progress).catch(rethrow);
  }

  /**
   * Nobody answered in time, and the till needs a final no. The void makes it final: it reaches the run whether or not a
   * worker is there, and wins over everything that the run may still do.
   */
  async #giveUp(request: RedemptionRequest, deductByMs: number): Promise<RedemptionView> {
    const { program, redemptionId } = request;
    const waited = formatDuration(deductByMs);
    try {
      await this.void(program, redemptionId, {
        eventId: 'no-answer',
        reason: `no answer in ${waited}`,
      });
    } catch (error) {
      throw new RedemptionError(
        'unavailable',
        `No answer in ${waited}, and Temporal could not be told that the sale is over: give no discount before the same request is answered.`,
        { cause: error },
      );
    }
    return timedOutView(waited, request);
  }

  /** False when that run is closed, or was never started. */
  async #signal(
    type: RunType,
    signal: 'paymentCaptured' | 'paymentVoided',
    program: string,
    redemptionId: string,
    payload: PaymentEvent,
  ): Promise<boolean> {
    programOf(this.#programs, program);
    await this.#checkKeys();
    try {
      await handleOf(this.#temporal, type, program, redemptionId).signal(signal, payload);
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      rethrow(error);
    }
  }

  async #startOnce(type: 'reversal' | 'case', start: FollowUpStart): Promise<void> {
    const program = programOf(this.#programs, start.ended.program);
    await startFollowUp(this.#temporal, program, type, start).catch(rethrow);
  }

  async #runs(program: string, redemptionId: string) {
    programOf(this.#programs, program);
    return runsOf(this.#temporal, program, redemptionId).catch(rethrow);
  }

  #providerOf(program: Program): LoyaltyProvider {
    const provider = this.#providers.get(program.id) ?? createProvider(program);
    this.#providers.set(program.id, provider);
    return provider;
  }
}

function eventFrom(event: Partial<PaymentEvent>): PaymentEvent {
  return parseAs(paymentEventSchema, { eventId: randomUUID(), ...event });
}

/** Callers are promised a RedemptionError, also where it was Temporal's own client that failed. */
function rethrow(error: unknown): never {
  throw refusedByTemporal(error) ?? error;
}
