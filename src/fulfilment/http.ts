import { z } from 'zod';
import type { HttpAnswer } from '../http/request.ts';
import type { ServiceSettings } from '../http/service-settings.ts';
import { requestSigned } from '../http/signing.ts';
import type { Fulfilment } from './fulfilment.ts';

const fulfilledSchema = z.object({ reference: z.string().min(1).max(256) });
const refusedSchema = z.object({ message: z.string().transform((text) => text.slice(0, 200)) });

/** Returns `undefined` if the POS applies the discount itself. */
export function createFulfilment(settings: ServiceSettings): Fulfilment | undefined {
  if (settings.kind === 'none') return undefined;
  const { url, secret } = settings;

  /** The keys differ, because a cancellation under the order's key would be taken for a repetition of the order. */
  const request = (
    method: 'PUT' | 'DELETE',
    purpose: 'fulfil' | 'cancel',
    program: string,
    redemptionId: string,
    body?: string,
  ): Promise<HttpAnswer> =>
    requestSigned(secret, {
      method,
      baseUrl: url,
      path: `/fulfilments/${program}/${redemptionId}`,
      headers: { 'idempotency-key': `${program}:${redemptionId}:${purpose}` },
      body,
    });

  return {
    async fulfil({ program, redemptionId, points, discount, store, till }) {
      const order = JSON.stringify({ points, discount, store, till });
      const answer = await request('PUT', 'fulfil', program, redemptionId, order);
      if (answer.status === 202) return { kind: 'pending' };
      if (isRefusal(answer.status)) return { kind: 'refused', message: messageOf(answer) };
      const fulfilled = fulfilledSchema.safeParse(answer.body);
      if ((answer.status !== 200 && answer.status !== 201) || !fulfilled.success)
        throw unclear(answer);
      return { kind: 'fulfilled', reference: fulfilled.data.reference };
    },

    async cancelFulfilment(program, redemptionId) {
      const answer = await request('DELETE', 'cancel', program, redemptionId);
      if ([200, 204, 404].includes(answer.status)) return { kind: 'cancelled' };
      if (answer.status === 409) return { kind: 'refused', message: messageOf(answer) };
      throw unclear(answer);
    },
  };
}

function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && ![408, 425, 429].includes(status);
}

function messageOf({ status, body }: HttpAnswer): string {
  const refused = refusedSchema.safeParse(body);
  return refused.success ? refused.data.message : `HTTP ${status}`;
}

function unclear({ status }: HttpAnswer): Error {
  return new Error(`fulfilment: HTTP ${status} is no definite answer`);
}
