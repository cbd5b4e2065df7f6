/** The wire of Loyalife. Every call is a POST of JSON, and every answer has the same envelope. */
import { z } from 'zod';
import { ANSWER_TIMEOUT_MS, type HttpAnswer } from '../../http/request.ts';
import { countdown, demandSuccess, kindOfStatus, readAs, send, unreadable } from '../calls.ts';
import { ProviderError } from '../provider.ts';
import type { LoyalifeSettings } from './settings.ts';
import { createTokenCache, type Token } from './token.ts';

const id = z.union([z.string().min(1), z.int()]).transform(String);

const tokenSchema = z.object({
  results: z.object({
    token: z.string().min(1),
    tokenExpiresOn: z
      .string()
      .transform((text) => Date.parse(text))
      .pipe(z.number()),
  }),
});

/** `IsSucessful` is spelled so on the wire [D]. It alone decides, and not the HTTP status or the code 000 [D]. */
const envelopeSchema = z.object({
  results: z.looseObject({
    IsSucessful: z.boolean(),
    ErrorCode: z.union([z.string(), z.int()]).transform(String).nullish(),
  }),
});

const availabilitySchema = z.object({ ReturnObject: z.int() });
/** The reference is kept byte for byte, because it may be in upper case [D]. */
const redemptionSchema = z.object({ ReturnObject: z.string().min(1) });
const reversalSchema = z.object({ ReturnObject: z.literal(true) });
const historySchema = z.object({
  ReturnObject: z.array(
    z.object({
      Id: id,
      Points: z.number(),
      ExternalReference: z.string().nullish(),
      MerchantName: z.string().nullish(),
    }),
  ),
  /** The number of rows on all pages. */
  Count: z.int(),
});

export type Row = z.infer<typeof historySchema>['ReturnObject'][number];

/** The provider's success with its value, or its refusal with its code. */
export type Reply<T> =
  | { readonly succeeded: true; readonly value: T }
  | { readonly succeeded: false; readonly code: string };

/** Limits the request for a token, so that a call keeps most of its time for itself. */
const TOKEN_TIMEOUT_MS = 4_000;

const PATHS = {
  CheckAvailability: '/lbms-ingress/pg-lm/API/PG/CheckAvailability',
  RedeemPoints: '/lbms-ingress/pg-lm/API/PG/RedeemPoints',
  ReversalPoints: '/lbms-ingress/pg-lm/API/PG/ReversalPoints',
  GetMemberTransactionSummaryByDate:
    '/lbms-ingress/transaction-lm/API/Transaction/GetMemberTransactionSummaryByDate',
} as const;

type Settings = Pick<LoyalifeSettings, 'baseUrl' | 'clientId' | 'clientSecret' | 'programId'>;

export type Client = ReturnType<typeof createClient>;

/** Every call rejects with a ProviderError if it got neither a success nor a refusal. */
export function createClient({ baseUrl, clientId, clientSecret, programId }: Settings) {
  const tokens = createTokenCache(renewToken);

  async function renewToken(): Promise<Token> {
    const call = 'Token';
    try {
      const answer = await send(call, {
        method: 'POST',
        baseUrl,
        path: '/lbms-ingress/oauth/api/Auth/Token',
        body: JSON.stringify({
          grant_type: 'client_credentials',
          client_id: clientId,
          client_secret: clientSecret,
        }),
        timeoutMs: TOKEN_TIMEOUT_MS,
      });
      demandSuccess(call, answer);
      const { token, tokenExpiresOn } = readAs(call, tokenSchema, answer.body).results;
      return { token, expiresOn: tokenExpiresOn };
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      // The call that needed the token was certainly not sent.
      throw new ProviderError('not-sent', error.message, { retryAfterMs: error.retryAfterMs });
    }
  }

  async function post<T>(
    call: keyof typeof PATHS,
    fields: Readonly<Record<string, unknown>>,
    schema: z.ZodType<T>,
    timeoutMs: number,
  ): Promise<Reply<T>> {
    const leftMs = countdown(Math.min(timeoutMs, ANSWER_TIMEOUT_MS));
    const body = JSON.stringify({ ...fields, ProgramId: programId });
    const attempt = async (): Promise<HttpAnswer & { token: string }> => {
      const token = await tokens.current();
      const headers = { authorization: `bearer ${token}` };
      const request = { method: 'POST', baseUrl, path: PATHS[call], headers, body } as const;
      return { ...(await send(call, { ...request, timeoutMs: leftMs() })), token };
    };
    let answer = await attempt();
    if (answer.status === 401) {
      tokens.discard(answer.token);
      answer = await attempt();
    }
    return readReply(call, answer, schema);
  }

  const customer = (member: string) => ({
    RelationReference: member,
    RelationType: 4,
    TransactionCurrency: 'DEFAULT',
  });

  return {
    async checkAvailability(member: string): Promise<Reply<{ ReturnObject: number }>> {
      return post('CheckAvailability', customer(member), availabilitySchema, ANSWER_TIMEOUT_MS);
    },

    /** Sends once, because there is no idempotency field [D]. The value is the *ExternalReference*. */
    async redeemPoints(
      member: string,
      redemption: { Amount: number; Points: number; MerchantName: string; LoyaltyTxnType: number },
      timeoutMs: number,
    ): Promise<Reply<{ ReturnObject: string }>> {
      return post(
        'RedeemPoints',
        { ...customer(member), ...redemption },
        redemptionSchema,
        timeoutMs,
      );
    },

    async reversePoints(
      member: string,
      reversal: { MerchantName: string; ExternalReference: string },
      timeoutMs: number,
    ): Promise<Reply<{ ReturnObject: true }>> {
      return post(
        'ReversalPoints',
        { RelationReference: member, ...reversal },
        reversalSchema,
        timeoutMs,
      );
    },

    /** Returns the rows `[first, last)`, counted from 0 [?], between two ISO times without a zone. */
    async history(
      member: string,
      range: { DateFrom: string; DateTo: string; MinimumRange: number; MaximumRange: number },
    ): Promise<Reply<z.infer<typeof historySchema>>> {
      const call = 'GetMemberTransactionSummaryByDate';
      return post(call, { ...customer(member), ...range }, historySchema, ANSWER_TIMEOUT_MS);
    },
  };
}

/** Reads a refusal from any answer of the provider itself. For a failing server or a proxy, the HTTP status decides. */
function readReply<T>(call: string, answer: HttpAnswer, schema: z.ZodType<T>): Reply<T> {
  const kind = kindOfStatus(answer.status);
  const envelope = envelopeSchema.safeParse(answer.body);
  if (kind === 'unknown' || kind === 'not-sent' || !envelope.success) {
    demandSuccess(call, answer);
    throw unreadable(call);
  }
  const { results } = envelope.data;
  if (results.IsSucessful) return { succeeded: true, value: readAs(call, schema, results) };
  return { succeeded: false, code: results.ErrorCode ?? 'none' };
}
