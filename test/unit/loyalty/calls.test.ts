/** What one request to a provider says about the points, and how a long list is read. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import {
  AnswerTooLarge,
  countdown,
  demandSuccess,
  readAs,
  send,
} from '../../../src/loyalty/calls.ts';
import { pagesOf } from '../../../src/loyalty/pages.ts';
import { ProviderError } from '../../../src/loyalty/provider.ts';

afterEach(() => vi.useRealTimers());

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const sent = (baseUrl: string) =>
  send('balance', { method: 'GET', baseUrl, path: '/anna' }).catch((error: unknown) => error);

describe('a request without an answer', () => {
  it('was not sent when nobody listens', async () => {
    const error = await sent('http://127.0.0.1:1');
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({
      kind: 'not-sent',
      message: 'balance: no whole answer (ECONNREFUSED)',
      isLasting: false,
    });
  });

  it('is unknown when the connection breaks', async () => {
    const error = await sent(await serve(({ socket }) => socket.destroy()));
    expect(error).toMatchObject({ kind: 'unknown' });
    expect(error).not.toBeInstanceOf(AnswerTooLarge);
  });

  it('is unknown when the answer is too large, which a shorter list would not be', async () => {
    const large = 'x'.repeat(1024 * 1024 + 1);
    const error = await sent(await serve((_, response) => response.end(large)));
    expect(error).toBeInstanceOf(AnswerTooLarge);
    expect(error).toMatchObject({ kind: 'unknown', message: expect.stringMatching(/^balance: /) });
  });

  it('is a fault of ours when the request is none', async () => {
    expect(await sent('no URL')).toBeInstanceOf(TypeError);
  });
});

describe('an answer', () => {
  const failure = (status: number, missing?: 'member-unknown') => {
    const answer = { status, body: undefined, retryAfterMs: 7_000 };
    try {
      return demandSuccess('balance', answer, missing);
    } catch (error) {
      return error;
    }
  };

  it.each([
    [404, 'member-unknown', { kind: 'refused', refusal: 'member-unknown' }],
    [404, undefined, { kind: 'refused', refusal: 'rejected' }],
    [403, 'member-unknown', { kind: 'refused', refusal: 'rejected' }],
    [401, 'member-unknown', { kind: 'not-sent', refusal: undefined }],
    [429, undefined, { kind: 'not-sent', refusal: undefined }],
    [500, undefined, { kind: 'unknown', refusal: undefined }],
  ] as const)('of %i, where 404 means %s', (status, missing, expected) => {
    expect(failure(status, missing)).toBeInstanceOf(ProviderError);
    expect(failure(status, missing)).toMatchObject({
      ...expected,
      message: `balance: HTTP ${status}`,
      retryAfterMs: 7_000,
    });
  });

  it('of success is none', () => {
    expect(failure(204)).toBeUndefined();
  });

  it('that has another shape is unknown, and nothing of it is told', () => {
    const schema = z.object({ points: z.int() });
    expect(readAs('balance', schema, { points: 5, name: 'anna' })).toEqual({ points: 5 });
    const read = () => readAs('balance', schema, { points: 'anna' });
    expect(read).toThrow(ProviderError);
    expect(read).toThrow(
      expect.objectContaining({
        kind: 'unknown',
        message: 'balance: the answer could not be read',
      }),
    );
  });
});

it('a failure keeps its cause where it has one', () => {
  const cause = new Error('why');
  expect(new ProviderError('unknown', 'no', { cause })).toMatchObject({
    name: 'ProviderError',
    cause,
  });
  expect('cause' in new ProviderError('unknown', 'no')).toBe(false);
});

it('the time that is left goes down, and below zero', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const leftMs = countdown(1_000);
  expect(leftMs()).toBe(1_000);
  vi.advanceTimersByTime(1_500);
  expect(leftMs()).toBe(-500);
});

describe('a list', () => {
  const tooLarge = () => new AnswerTooLarge('unknown', 'too large');

  /** Pages of at most `most` entries, each of which says how it was asked for. */
  function reader(most: number) {
    const asked: [first: number, size: number][] = [];
    const page = pagesOf('events', 100, async (first, size) => {
      asked.push([first, size]);
      await Promise.resolve();
      if (size > most) throw tooLarge();
      return first;
    });
    return { asked, page };
  }

  it('is read in halves from where a page was too large, and in those from then on', async () => {
    const { asked, page } = reader(30);
    expect(await page(0)).toBe(0);
    expect(await page(25)).toBe(25);
    expect(asked).toEqual([
      [0, 100],
      [0, 50],
      [0, 25],
      [25, 25],
    ]);
  });

  it('is read one by one at last, and no further', async () => {
    const one = reader(1);
    expect(await one.page(7)).toBe(7);
    expect(one.asked.at(-1)).toEqual([7, 1]);
    const none = reader(0);
    await expect(none.page(7)).rejects.toMatchObject({
      kind: 'unknown',
      message: 'events: one entry alone is too large to be read',
      isLasting: true,
    });
    expect(none.asked.map(([, size]) => size)).toEqual([100, 50, 25, 12, 6, 3, 1]);
  });

  it('is not read again after another failure', async () => {
    let asked = 0;
    const page = pagesOf('events', 100, () => {
      asked += 1;
      return Promise.reject(new ProviderError('unknown', 'no'));
    });
    await expect(page(0)).rejects.toThrow('no');
    expect(asked).toBe(1);
  });
});
