/** The gateway as a till of the demonstration uses it: over HTTP, with nothing but `fetch`. */
import { setTimeout as delay } from 'node:timers/promises';
import type { z } from 'zod';
import type { SaleId } from '../domain/sale-id.ts';
import { redemptionSchema, type newRedemptionSchema } from '../gateway/schemas.ts';

const ENDINGS: readonly string[] = ['completed', 'declined', 'compensated'];
const LOOK_EVERY_MS = 100;
const ENDING_LIMIT_MS = 60_000;
const ANSWER_LIMIT_MS = 20_000;

export type NewRedemption = z.input<typeof newRedemptionSchema>;
export type Redemption = z.infer<typeof redemptionSchema>;

export class GatewayClient {
  readonly #origin: string;
  readonly #key: string;

  constructor({ origin, key }: { readonly origin: string; readonly key: string }) {
    this.#origin = origin;
    this.#key = key;
  }

  /** Granted or not: the answer says which. */
  async redeem(redemption: NewRedemption): Promise<Redemption> {
    return redemptionSchema.parse(await this.#ask('POST', '', redemption, [200, 201, 422]));
  }

  async capture({ program, redemptionId }: SaleId, eventId: string): Promise<void> {
    await this.#ask('POST', `/${program}/${redemptionId}/capture`, { eventId }, [202]);
  }

  async void({ program, redemptionId }: SaleId, eventId: string): Promise<void> {
    await this.#ask('POST', `/${program}/${redemptionId}/void`, { eventId }, [202]);
  }

  async untilEnded({ program, redemptionId }: SaleId): Promise<Redemption> {
    const limit = Date.now() + ENDING_LIMIT_MS;
    for (;;) {
      const answer = await this.#ask('GET', `/${program}/${redemptionId}`, undefined, [200]);
      const redemption = redemptionSchema.parse(answer);
      if (ENDINGS.includes(redemption.status)) return redemption;
      if (Date.now() > limit) throw new Error(`${redemptionId} is still ${redemption.status}`);
      await delay(LOOK_EVERY_MS);
    }
  }

  async #ask(
    method: 'GET' | 'POST',
    path: string,
    body: object | undefined,
    expected: readonly number[],
  ): Promise<unknown> {
    const response = await fetch(`${this.#origin}/v1/redemptions${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#key}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    const text = await response.text();
    if (!expected.includes(response.status))
      throw new Error(`the gateway answered ${method} ${path} with ${response.status}: ${text}`);
    return JSON.parse(text);
  }
}
