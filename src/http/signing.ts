/** Signs requests to the merchant's own services, as docs/providers/payment-and-fulfilment.md says. */
import { createHmac } from 'node:crypto';
import { requestJson, requestPath, type HttpAnswer, type HttpRequest } from './request.ts';

/** @throws TransportError without a complete answer; any status is an answer */
export function requestSigned(secret: string, request: HttpRequest): Promise<HttpAnswer> {
  const { method, baseUrl, path, headers, body = '' } = request;
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = sign(secret, `${timestamp}.${method}.${requestPath(baseUrl, path)}.${body}`);
  return requestJson({
    ...request,
    headers: { ...headers, 'x-timestamp': timestamp, 'x-signature': `v1=${signature}` },
  });
}

function sign(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('hex');
}
