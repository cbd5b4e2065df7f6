/** Checks the signature of payment and fulfilment requests, as docs/providers/payment-and-fulfilment.md says. */
import type { FastifyRequest } from 'fastify';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { header, rawBody, rawPath, ContractViolation } from './service.ts';

const TOLERANCE_SECONDS = 300;

/** @throws ContractViolation with 401 for a missing or wrong signature, or a timestamp that is too far off */
export function checkSignature(request: FastifyRequest, secret: string): void {
  const timestamp = header(request, 'x-timestamp') ?? '';
  if (!/^\d{1,12}$/.test(timestamp)) throw unsigned('X-Timestamp must be Unix seconds');
  if (Math.abs(Date.now() / 1_000 - Number(timestamp)) > TOLERANCE_SECONDS)
    throw unsigned('X-Timestamp is more than 300 s off');
  const signature = header(request, 'x-signature') ?? '';
  if (!/^v1=[0-9a-f]{64}$/.test(signature))
    throw unsigned('X-Signature must be v1=<hex HMAC-SHA-256>');
  const signed = `${timestamp}.${request.method}.${rawPath(request)}.${rawBody(request)}`;
  const expected = createHmac('sha256', secret).update(signed).digest();
  if (!timingSafeEqual(expected, Buffer.from(signature.slice(3), 'hex')))
    throw unsigned('X-Signature is not of this request and secret');
}

function unsigned(why: string): ContractViolation {
  return new ContractViolation({ status: 401, body: { message: why } }, why);
}
