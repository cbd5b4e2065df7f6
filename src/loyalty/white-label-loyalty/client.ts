/** The wire of White Label Loyalty. The shapes are assumed [?] until a deployment shows otherwise. */
import { z } from 'zod';
import type { Refusal } from '../../domain/quote.ts';
import type { HttpAnswer } from '../../http/request.ts';
import { demandSuccess, readAs, send } from '../calls.ts';
import { ProviderError } from '../provider.ts';
import type { WhiteLabelLoyaltySettings } from './settings.ts';

/** WLL's guide writes `POST /events` [D], and its API description a slash at the end [?]. A redirect is never followed. */
const REPORT_PATH = '/events';
const LIST_PATH = '/events/';

const id = z.union([z.string().min(1), z.int()]).transform(String);
const walletSchema = z.looseObject({ userId: id });
const settingSchema = z.object({ value: z.string() });
/** Events of others may look different. What is needed of them is their place in the list, and that they are not ours. */
const eventSchema = z.object({
  id,
  type: z.string().catch(''),
  subject: z.string().catch(''),
  payload: z.record(z.string(), z.unknown()).catch({}),
  createdAt: z.iso.datetime({ offset: true }),
});
const reportedSchema = eventSchema.pick({ id: true });
const reactionsSchema = z.array(z.object({ type: z.string(), points: z.int().optional() }));

export type ReportedEvent = z.infer<typeof eventSchema>;
type Reaction = z.infer<typeof reactionsSchema>[number];

export interface NewEvent {
  readonly type: string;
  readonly subject: string;
  readonly payload: Readonly<Record<string, string | number>>;
  /** With a fraction of a second, because WLL refuses the event without it [D]. */
  readonly occurredAt: string;
}

type Settings = Pick<WhiteLabelLoyaltySettings, 'baseUrl' | 'apiKey' | 'walletPointer'>;

export type Client = ReturnType<typeof createClient>;

/** Every call rejects with a ProviderError. `timeoutMs` shortens the usual answer time-out. */
export function createClient({ baseUrl, apiKey, walletPointer }: Settings) {
  const keyed = { 'x-api-key': apiKey };

  async function get(call: string, path: string, timeoutMs?: number, missing?: Refusal) {
    const answer = await send(call, { method: 'GET', baseUrl, path, headers: keyed, timeoutMs });
    demandSuccess(call, answer, missing);
    return unwrap(answer);
  }

  return {
    async wallet(userId: string, timeoutMs?: number): Promise<{ userId: string; points: number }> {
      if (isDotSegment(userId))
        throw new ProviderError('refused', 'wallet: the member is no id', {
          refusal: 'member-unknown',
        });
      const path = `/users/${encodeURIComponent(userId)}/wallet`;
      const wallet = readAs(
        'wallet',
        walletSchema,
        await get('wallet', path, timeoutMs, 'member-unknown'),
      );
      const points = readAs('wallet', z.int(), valueAt(wallet, walletPointer));
      return { userId: wallet.userId, points };
    },

    async setting(name: string): Promise<string> {
      return readAs(
        'setting',
        settingSchema,
        await get('setting', `/settings/${encodeURIComponent(name)}`),
      ).value;
    },

    /** Reports an event and returns its id. Sends once, because there is no idempotency key [D]. */
    async reportEvent(event: NewEvent, secret: string, timeoutMs: number): Promise<string> {
      const answer = await send('event', {
        method: 'POST',
        baseUrl,
        path: REPORT_PATH,
        headers: { ...keyed, authorization: `Bearer ${secret}` },
        body: JSON.stringify(event),
        timeoutMs,
      });
      demandSuccess('event', answer);
      return readAs('event', reportedSchema, unwrap(answer)).id;
    },

    /** Lists the events of all members, newest first. It sends no `filter`, because its syntax is not published [?]. */
    async events(skip: number, limit: number): Promise<ReportedEvent[]> {
      const path = `${LIST_PATH}?order=DESC&limit=${limit}&skip=${skip}`;
      return readAs('events', z.array(eventSchema), await get('events', path));
    },

    /** Returns `undefined` if there is no event with this id. */
    async event(eventId: string): Promise<ReportedEvent | undefined> {
      if (isDotSegment(eventId)) return undefined;
      const answer = await send('event', {
        method: 'GET',
        baseUrl,
        path: `/events/${encodeURIComponent(eventId)}`,
        headers: keyed,
      });
      if (answer.status === 404) return undefined;
      demandSuccess('event', answer);
      return readAs('event', eventSchema, unwrap(answer));
    },

    /** Returns an empty list while nothing has reacted. */
    async reactions(eventId: string, timeoutMs?: number): Promise<Reaction[]> {
      const path = `/events/${encodeURIComponent(eventId)}/reactions`;
      return readAs('reactions', reactionsSchema, await get('reactions', path, timeoutMs));
    },
  };
}

/**
 * Returns whether the text would lead to another resource as a part of a path, `/users/../wallet`. No encoding helps, because
 * whoever normalises a path takes `%2E` for a dot.
 */
function isDotSegment(text: string): boolean {
  return text === '.' || text === '..';
}

/** Takes an answer out of `{"data": …}`, because some versions wrap answers and others do not [?]. */
function unwrap({ body }: HttpAnswer): unknown {
  return isRecord(body) && 'data' in body ? body['data'] : body;
}

/** Follows a JSON pointer (RFC 6901). Returns `undefined` if it leads nowhere. */
function valueAt(value: unknown, pointer: string): unknown {
  const tokens = pointer.split('/').slice(1);
  return tokens.reduce<unknown>((at, token) => {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    return isRecord(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }, value);
}

/** Accepts arrays too, because a JSON pointer names their entries by index. */
function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
