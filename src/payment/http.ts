import { z } from 'zod';
import type { ServiceSettings } from '../http/service-settings.ts';
import { requestSigned } from '../http/signing.ts';
import { moneySchema } from '../schemas/redemption.ts';
import type { PaymentSystem } from './payment-system.ts';

const stateSchema = z
  .object({
    status: z.enum(['captured', 'voided', 'pending', 'none']),
    paymentId: z.string().min(1).max(128).optional(),
    amount: moneySchema.shape.amount.optional(),
    currency: moneySchema.shape.currency.optional(),
  })
  .transform(({ amount, currency, ...state }) => ({
    ...state,
    ...(amount !== undefined && currency !== undefined && { amount: { amount, currency } }),
  }));

/** Returns `undefined` if the program names no payment system. */
export function createPaymentSystem(settings: ServiceSettings): PaymentSystem | undefined {
  if (settings.kind === 'none') return undefined;
  const { url, secret } = settings;
  return {
    async askPayment(program, redemptionId) {
      const path = `/payments/${program}/${redemptionId}`;
      const { status, body } = await requestSigned(secret, { method: 'GET', baseUrl: url, path });
      if (status === 404) return { status: 'none' };
      if (status !== 200) throw new Error(`payment system: HTTP ${status}`);
      const state = stateSchema.safeParse(body);
      if (!state.success) throw new Error('payment system: the answer could not be read');
      return state.data;
    },
  };
}
