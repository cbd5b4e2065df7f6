/** Who gets how many of the gateway's places. test/server/attacks/keys.test.ts takes them over HTTP. */
import { beforeEach, expect, it } from 'vitest';
import { ConcurrencyLimit, type Place } from '../../../src/gateway/concurrency-limit.ts';

let limit: ConcurrencyLimit;
beforeEach(() => {
  limit = new ConcurrencyLimit(1_000);
});

/** Takes places until it is refused one. */
function takeAll(key: string, store: string): Place[] {
  const taken: Place[] = [];
  for (;;) {
    try {
      taken.push(limit.acquire(key, store));
    } catch (error) {
      expect(error).toMatchObject({ kind: 'overloaded' });
      return taken;
    }
  }
}

it('a store under a key gets 31 of 1,000 places, and one back for each that it leaves', () => {
  const places = takeAll('A', 'S1');
  expect(places).toHaveLength(31);
  expect(takeAll('A', 'S2')).toHaveLength(31);
  places[0]?.leave();
  places[0]?.leave();
  expect(takeAll('A', 'S1')).toHaveLength(1);
});

it('the share of a store is counted for each key', () => {
  takeAll('A', 'S1');
  expect(takeAll('B', 'S1')).toHaveLength(31);
});

it('a key gets half of the places, for however many stores it asks', () => {
  const taken = (key: string) =>
    Array.from({ length: 40 }, (_, store) => takeAll(key, `S${store}`)).flat().length;
  expect(taken('A')).toBe(500);
  expect(taken('B')).toBe(500);
  expect(taken('C')).toBe(0);
});

it('of a few places, a store under a key gets one', () => {
  limit = new ConcurrencyLimit(16);
  expect(takeAll('A', 'S1')).toHaveLength(1);
});

it('work that tills left takes no places, and a key piles up no more of it than there are places', () => {
  const left: Place[] = [];
  for (let count = 0; count < 1_000; count += 1) {
    const place = limit.acquire('A', 'S1');
    place.leave();
    left.push(place);
  }
  expect(takeAll('A', 'S1')).toHaveLength(0);
  expect(takeAll('B', 'S1')).toHaveLength(31);
  left[0]?.done();
  expect(takeAll('A', 'S1')).toHaveLength(31);
});
