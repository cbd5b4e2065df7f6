/** The payment events alone, over redemptions that keep what they are told, or fail. */
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { SaleId } from '../../../src/domain/sale-id.ts';
import type { Status } from '../../../src/domain/statuses.ts';
import type { RedemptionView } from '../../../src/index.ts';
import { sandboxPrograms } from '../../../src/programs/programs.ts';
import {
  openPaymentGateway,
  type Answer,
  type PaymentGateway,
  type RawDelivery,
} from './payment-events-gateway.ts';

class ToldRedemptions {
  /** `[what, sale, event]`. */
  readonly told: unknown[] = [];
  /** How every redemption takes what it is told, or asked. */
  answer: (redemptionId: string) => Promise<void> = () => Promise.resolve();
  status: Status = 'completed';
  #gateway: PaymentGateway | undefined;

  async open(refusalsPerMinute?: number): Promise<void> {
    this.#gateway = await openPaymentGateway(
      {
        capture: (sale, event) => this.#tell('captured', sale, event),
        void: (sale, event) => this.#tell('voided', sale, event),
        status: async ({ redemptionId }) => {
          await this.answer(redemptionId);
          return { status: this.status } as RedemptionView;
        },
      },
      sandboxPrograms('http://127.0.0.1:1'),
      refusalsPerMinute,
    );
  }

  async #tell(what: string, sale: SaleId, event: unknown): Promise<void> {
    await this.answer(sale.redemptionId);
    this.told.push([what, sale, event]);
  }

  get #opened(): PaymentGateway {
    if (this.#gateway === undefined) throw new Error('it is not open');
    return this.#gateway;
  }

  send(source: string, delivery: RawDelivery): Promise<Answer> {
    return this.#opened.send(source, delivery);
  }

  /** The lines of payment events since the last time, without what every line has. */
  logged(): Record<string, unknown>[] {
    return this.#opened
      .takeLog()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ source }) => source !== undefined)
      .map(({ level, time: _1, pid: _2, hostname: _3, reqId: _4, ...said }) => ({
        ...said,
        level: { 30: 'info', 40: 'warn', 50: 'error' }[String(level)],
      }));
  }

  forget(): void {
    this.told.splice(0);
    this.#opened.takeLog();
    this.answer = () => Promise.resolve();
    this.status = 'completed';
  }

  close(): Promise<void> {
    return this.#opened.close();
  }
}

export function useToldRedemptions(refusalsPerMinute?: number): ToldRedemptions {
  const redemptions = new ToldRedemptions();
  beforeAll(() => redemptions.open(refusalsPerMinute));
  beforeEach(() => redemptions.forget());
  afterAll(() => redemptions.close());
  return redemptions;
}
