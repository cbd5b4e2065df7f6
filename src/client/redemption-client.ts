/**
 * The verbs on a redemption, for POS backends and payment systems. Every verb is safe to repeat.
 *
 * @example
 * const redemptions = new RedemptionClient({ temporal, programs });
 * const sale = { program: 'coffee-club', redemptionId: 'S12-T3-000417' };
 * const answer = await redemptions.redeem({ ...sale, member: 'member-1', points: 500,
 *   basket: { amount: '20.00', currency: 'GBP' }, store: 'S12', till: 'T3' });
 * if (answer.granted) giveDiscount(answer.discount);
 * await redemptions.capture(sale, { eventId: 'evt-1', paymentId: 'pay-1' });
 */
import type { Client } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import type { Act, Resolution } from '../domain/acts.ts';
import type { RedemptionView } from '../domain/redemption-view.ts';
import type { SaleId } from '../domain/sale-id.ts';
import { createKeyCheck } from '../encryption/client-keys.ts';
import { createProvider } from '../loyalty/index.ts';
import type { LoyaltyProvider } from '../loyalty/provider.ts';
import type { Program, Programs } from '../programs/programs.ts';
import {
  paymentEventSchema,
  type PaymentEvent,
  type RedemptionRequest,
} from '../schemas/redemption.ts';
import { refusedByTemporal, withinDeadline } from '../temporal/connection.ts';
import type { RedeemOptions, RedemptionAnswer } from './answer.ts';
import {
  countWaiting,
  resolveOne,
  retryAll,
  retryOne,
  type RetriedAll,
} from './operator-actions.ts';
import { reportCapture, reportVoid } from './payment-reports.ts';
import { quote, type QuoteAnswer, type QuoteRequest } from './quote.ts';
import { redeem } from './redeem.ts';
import { findRedemptions, type ListedRedemption, type ListFilter } from './redemption-list.ts';
import { checkRequest, parseAs, programOf } from './request-check.ts';
import { combinedView, runsOf, storeOf, untilEnded } from './runs.ts';

const ANSWER_LIMIT_MS = 10_000;

export class RedemptionClient {
  readonly #temporal: Client;
  readonly #programs: Programs;
  /** One for each program, because it keeps its connection, token and rate. */
  readonly #providers = new Map<string, LoyaltyProvider>();
  readonly #checkKeys: () => Promise<void>;

  /** @throws SettingsError when the Temporal client encrypts nothing, or real programs with the keys of the sandbox */
  constructor({ temporal, programs }: { readonly temporal: Client; readonly programs: Programs }) {
    this.#temporal = temporal;
    this.#programs = programs;
    this.#checkKeys = createKeyCheck(temporal, programs);
  }

  /**
   * Starts a redemption and waits for its answer, until *deduct by* (default 30 s) and three seconds at the latest, whatever
   * Temporal does. A repetition with the same content returns the present status. `granted` is always of the present.
   * @throws RedemptionError `invalid-request`, `conflict`, `unavailable`, `ended-by-force`
   */
  async redeem(input: RedemptionRequest, options: RedeemOptions = {}): Promise<RedemptionAnswer> {
    const request = checkRequest(input, this.#programs);
    const program = programOf(this.#programs, request.program);
    const shop = { temporal: this.#temporal, program, checkKeys: this.#checkKeys };
    return this.#ask(() => redeem(shop, request, options));
  }

  /**
   * Records that the sale's payment was captured. If the points have gone back meanwhile, for another reason than a void of
   * that payment, it opens a case for an operator.
   * @throws RedemptionError `invalid-request`, `unknown-redemption`, `ended-by-force`
   */
  async capture(sale: SaleId, event: Partial<PaymentEvent> = {}): Promise<void> {
    const checked = checkEvent(event);
    await this.#inTime(() =>
      this.#send(sale, (program) => reportCapture(this.#temporal, program, sale, checked)),
    );
  }

  /**
   * Records that the sale, or its payment, was voided. After completion it starts the reversal, once. With an `amount` it
   * is a refund, which counts as a void only if it gives back everything that was captured.
   * @throws RedemptionError `invalid-request`, `unknown-redemption`, `ended-by-force`
   */
  async void(sale: SaleId, event: Partial<PaymentEvent> = {}): Promise<void> {
    const checked = checkEvent(event);
    await this.#inTime(() =>
      this.#send(sale, (program) => reportVoid(this.#temporal, program, sale, checked)),
    );
  }

  /**
   * Returns where a redemption stands, including its reversal, watch and case.
   * @throws RedemptionError `unknown-redemption`, `unavailable`, `ended-by-force`
   */
  async status(sale: SaleId): Promise<RedemptionView> {
    programOf(this.#programs, sale.program);
    return this.#inTime(async () => combinedView(await runsOf(this.#temporal, sale)));
  }

  /**
   * Returns the store of a redemption, whatever became of it; no worker is needed. `undefined`: there is none, or its store
   * cannot be told.
   * @throws RedemptionError `unavailable`
   */
  async storeOf(sale: SaleId): Promise<string | undefined> {
    programOf(this.#programs, sale.program);
    return this.#inTime(() => storeOf(this.#temporal, sale));
  }

  /**
   * Waits until a redemption, and what has followed it by now, has ended.
   * @throws RedemptionError as `status`; `unavailable` when it is still open after `limitMs`
   */
  async wait(sale: SaleId, limitMs: number): Promise<RedemptionView> {
    programOf(this.#programs, sale.program);
    return this.#ask(() => untilEnded(this.#temporal, sale, limitMs));
  }

  /** Retries what waits for an operator. @throws RedemptionError `refused` when nothing waits, and as `status` */
  async retry(sale: SaleId, act: Act): Promise<void> {
    await this.#send(sale, () => retryOne(this.#temporal, sale, act));
  }

  /** Retries every sale that needs attention and fits the visibility query. Those that have ended meanwhile are only counted. */
  async retryAll(
    query: string,
    act: Act,
    progress: (count: number) => void = () => undefined,
  ): Promise<RetriedAll> {
    await this.#checkKeys();
    return this.#ask(() => retryAll(this.#temporal, query, act, progress));
  }

  /** Returns how many sales `retryAll` would reach now. Search is a moment behind. */
  async countWaiting(query: string): Promise<number> {
    return this.#ask(() => countWaiting(this.#temporal, query));
  }

  /** Settles what waits for an operator. @throws RedemptionError `refused`, and as `status` */
  async resolve(sale: SaleId, resolution: Resolution): Promise<void> {
    await this.#send(sale, () => resolveOne(this.#temporal, sale, resolution));
  }

  /** Returns what a redemption would take and give now. Starts nothing. @throws RedemptionError `invalid-request`, `unavailable` */
  async quote(request: QuoteRequest): Promise<QuoteAnswer> {
    return quote(request, this.#programs, (program) => this.#providerOf(program));
  }

  /** Lists the latest redemptions that fit, newest first. @throws RedemptionError `invalid-request` for an impossible filter */
  async list(filter: ListFilter, progress?: (count: number) => void): Promise<ListedRedemption[]> {
    return this.#ask(() => findRedemptions(this.#temporal, this.#programs, filter, progress));
  }

  /** Checks, before anything reaches a run, that the program is configured and that workers can read what is sent. */
  async #send<T>({ program }: SaleId, work: (program: Program) => Promise<T>): Promise<T> {
    const known = programOf(this.#programs, program);
    await this.#checkKeys();
    return this.#ask(() => work(known));
  }

  /** For what asks Temporal alone: it is answered even when Temporal stands still. */
  #inTime<T>(work: () => Promise<T>): Promise<T> {
    return this.#ask(() => withinDeadline(this.#temporal, Date.now() + ANSWER_LIMIT_MS, work));
  }

  /** Turns errors of Temporal's client into a RedemptionError, which is what callers are promised. */
  async #ask<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw refusedByTemporal(error) ?? error;
    }
  }

  #providerOf(program: Program): LoyaltyProvider {
    const provider = this.#providers.get(program.id) ?? createProvider(program);
    this.#providers.set(program.id, provider);
    return provider;
  }
}

function checkEvent(event: Partial<PaymentEvent>): PaymentEvent {
  return parseAs(paymentEventSchema, { eventId: randomUUID(), ...event });
}
