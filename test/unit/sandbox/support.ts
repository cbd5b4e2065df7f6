/** What the sandbox's tests share: one that runs, and callers that keep to the contracts unless told otherwise. */
import { createHmac } from 'node:crypto';
import { onTestFinished } from 'vitest';
import {
  coffeeClub,
  fulfilmentSecret,
  paymentSecret,
  sandboxPaths,
  travelMiles,
} from '../../../src/programs/sandbox.ts';
import { startSandbox, type SandboxOptions } from '../../../src/sandbox/server.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed where it is JSON, the text otherwise. */
  readonly body: unknown;
}

interface LedgerView {
  readonly members: readonly { memberId: string; points: number; lowest: number }[];
  readonly movements: readonly { kind: string; points: number; reference: string }[];
  readonly fulfilments: readonly { redemptionId: string; state: string; times: number }[];
  readonly violations: readonly { service: string; call: string; why: string }[];
}

interface Sent {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export const relation = {
  RelationReference: 'member-1@example.com',
  TransactionCurrency: 'DEFAULT',
  RelationType: 4,
  ProgramId: travelMiles.programId,
};
export const redemption = {
  ...relation,
  Amount: 25,
  Points: 100,
  MerchantName: 'Amazon #7F3K9Q',
  LoyaltyTxnType: 30,
};

export type TestSandbox = Awaited<ReturnType<typeof openSandbox>>;

/** A sandbox for one test, closed at its end. */
export async function openSandbox(options: SandboxOptions = {}) {
  const running = await startSandbox(options);
  onTestFinished(() => running.close());

  const send = async (method: string, path: string, sent: Sent = {}): Promise<Answer> => {
    const text = typeof sent.body === 'string' ? sent.body : JSON.stringify(sent.body);
    const response = await fetch(`${running.origin}${path}`, {
      method,
      headers: {
        ...(sent.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...sent.headers,
      },
      body: sent.body === undefined ? null : text,
      signal: sent.signal ?? null,
    });
    return {
      status: response.status,
      headers: response.headers,
      body: parse(await response.text()),
    };
  };
  const whiteLabel = (method: string, path: string, sent: Sent = {}) =>
    send(method, `${sandboxPaths.whiteLabelLoyalty}${path}`, {
      ...sent,
      headers: { 'x-api-key': coffeeClub.apiKey, ...sent.headers },
    });
  const loyalife = (path: string, body: unknown, token?: string, signal?: AbortSignal) =>
    send('POST', `${sandboxPaths.loyalife}/lbms-ingress/${path}`, {
      body,
      ...(token === undefined ? {} : { headers: { authorization: `bearer ${token}` } }),
      ...(signal === undefined ? {} : { signal }),
    });

  return {
    ...running,
    send,
    whiteLabel,
    loyalife,
    control: (method: string, path: string, body?: unknown) => send(method, path, { body }),
    ledger: async () => (await send('GET', '/ledger')).body as LedgerView,
    /** Reports a redemption at White Label Loyalty, with whatever differs. */
    report: (fields: object = {}, headers: Readonly<Record<string, string>> = {}) =>
      whiteLabel('POST', '/events', {
        body: { ...deductionEvent(), ...fields },
        headers: { authorization: `Bearer ${coffeeClub.deduction.secret}`, ...headers },
      }),
    token: async () => {
      const answer = await loyalife('oauth/api/Auth/Token', credentials);
      return (answer.body as { results: { token: string } }).results.token;
    },
    /** Asks the payment system or the fulfilment service, signed as their contract says. */
    signed: (
      service: 'payment' | 'fulfilment',
      method: string,
      path: string,
      sent: Sent & { readonly timestamp?: number } = {},
    ) => {
      const url = `${sandboxPaths[service]}${path}`;
      const timestamp = String(sent.timestamp ?? Math.floor(Date.now() / 1_000));
      const text = sent.body === undefined ? '' : JSON.stringify(sent.body);
      const secret = service === 'payment' ? paymentSecret : fulfilmentSecret;
      const signature = createHmac('sha256', secret)
        .update(`${timestamp}.${method}.${url}.${text}`)
        .digest('hex');
      const headers = { 'x-timestamp': timestamp, 'x-signature': `v1=${signature}` };
      return send(method, url, { ...sent, headers: { ...headers, ...sent.headers } });
    },
  };
}

export const credentials = {
  grant_type: 'client_credentials',
  client_id: travelMiles.clientId,
  client_secret: travelMiles.clientSecret,
};

export function deductionEvent() {
  return {
    type: coffeeClub.deduction.eventType as string,
    subject: 'auth-member-1',
    payload: { points: 100, redemptionId: 'sale-1' },
    occurredAt: new Date().toISOString(),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
