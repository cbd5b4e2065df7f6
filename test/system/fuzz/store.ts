/** One of the two stores: its key, its known sale, and what it must not learn of the other one's. */
import { setTimeout as delay } from 'node:timers/promises';
import { newKey, scopes, type AccessKey } from '../../../src/gateway/access-keys.ts';
import { send } from '../../support/gateway/gateway.ts';

export interface Store {
  readonly name: string;
  readonly secret: string;
  readonly key: AccessKey;
}

const PROGRAM = 'coffee-club';
const PROBE_EVERY_MS = 5_000;

export function newStore(name: string): Store {
  const { secret, hash } = newKey();
  const most = Number.MAX_SAFE_INTEGER;
  return {
    name,
    secret,
    key: {
      id: name,
      scopes: [...scopes],
      stores: [name],
      idPrefixes: [`${name}-`],
      hashes: [hash],
      requestsPerMinute: most,
      memberRequestsPerMinute: most,
    },
  };
}

/** Its own key never asks for it while the fuzz runs, and the other one often does. */
export function knownSaleOf({ name }: Store): string {
  return `${name}-known`;
}

export async function sellKnown(origin: string, store: Store, member: string): Promise<void> {
  const body = {
    program: PROGRAM,
    redemptionId: knownSaleOf(store),
    member,
    points: 100,
    basket: { amount: '20.00', currency: 'GBP' },
    store: store.name,
    till: 'T1',
  };
  const { status } = await send(origin, 'POST', '/v1/redemptions', { key: store.secret, body });
  if (status !== 201) throw new Error(`the known sale of ${store.name} was answered ${status}`);
}

/** All that its own key is told of it. */
export async function tellKnown(origin: string, store: Store): Promise<string> {
  const path = `/v1/redemptions/${PROGRAM}/${knownSaleOf(store)}`;
  const { status, body } = await send(origin, 'GET', path, { key: store.secret });
  return JSON.stringify({ status, body });
}

/** Returns what went wrong. */
export async function voidSale(origin: string, store: Store, sale: string): Promise<string[]> {
  const { status } = await send(origin, 'POST', `/v1/redemptions/${sale}/void`, {
    key: store.secret,
    body: {},
  });
  return status === 202 ? [] : [`the void of ${sale} was answered ${status}`];
}

/** Asks for the other one's known sale, and for one that does not exist, until told to stop. Returns what it was told apart. */
export async function askForSaleOf(
  other: Store,
  { origin, store, isOver }: { origin: string; store: Store; isOver: () => boolean },
): Promise<string[]> {
  const act = { by: 'fuzz', why: 'test' };
  const ask = async (id: string) => {
    const path = `/v1/redemptions/${PROGRAM}/${id}`;
    const answers = await Promise.all([
      send(origin, 'GET', path, { key: store.secret }),
      ...Object.entries({
        capture: {},
        void: {},
        retry: act,
        resolve: { ...act, resolution: 'accept' },
      }).map(([verb, body]) =>
        send(origin, 'POST', `${path}/${verb}`, { key: store.secret, body }),
      ),
    ]);
    return JSON.stringify(answers.map(({ status, body }) => ({ status, body })));
  };
  const faults = new Set<string>();
  while (!isOver()) {
    const known = await ask(knownSaleOf(other));
    const never = await ask(`${other.name}-never`);
    if (known !== never)
      faults.add(`${store.name} was told ${known} of a sale of ${other.name}, and not ${never}`);
    await delay(PROBE_EVERY_MS);
  }
  return [...faults];
}
