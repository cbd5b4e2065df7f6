/** Signs requests to the merchant's own services, as docs/providers/payment-and-fulfilment.md says. */
import { requestJson, requestPath, type HttpAnswer, type HttpRequest } from './request.ts';
import { hmacSha256 } from './signatures.ts';

/** @throws TransportError without a complete answer; any status is an answer */
export function requestSigned(secret: string, request: HttpRequest): Promise<HttpAnswer> {
  const { method, baseUrl, path, headers, body = '' } = request;
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const text = `${timestamp}.${method}.${requestPath(baseUrl, path)}.${body}`;
  const signature = hmacSha256(secret, text, 'hex');
  return requestJson({
    ...request,
    headers: { ...headers, 'x-timestamp': timestamp, 'x-signature': `v1=${signature}` },
  });
}
