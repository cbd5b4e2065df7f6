import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationSchema, formatDuration } from '../../../src/schemas/duration.ts';

const MOST = 999_999_999;

describe('a duration', () => {
  it.each([
    [0, '0ms'],
    [1, '1ms'],
    [1_500, '1500ms'],
    [30_000, '30s'],
    [90_000, '90s'],
    [900_000, '15m'],
    [36 * 3_600_000, '36h'],
    [30 * 86_400_000, '30d'],
  ])('of %d milliseconds is written %s: exact, in the largest unit that fits', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
    expect(durationSchema.parse(text)).toBe(ms);
  });

  it.each(['', '5', 's', '1.5s', '-1s', '1 s', '1w', '1S', '1000000000s', '1h30m'])(
    'is not written %j',
    (text) => {
      expect(durationSchema.safeParse(text).success).toBe(false);
    },
  );

  it.each([
    [2_343.889173, '2344ms'],
    [0.4, '0ms'],
    [59_999.7, '1m'],
  ])('of %d milliseconds is written %s: whole, for a timer may leave a fraction', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('is read as what was written, for any number of milliseconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MOST }), (ms) => {
        expect(durationSchema.parse(formatDuration(ms))).toBe(ms);
      }),
    );
  });

  it('is the same one, and never longer, when it was read and is written again', () => {
    const unit = fc.constantFrom('ms', 's', 'm', 'h', 'd');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: MOST }), unit, (count, name) => {
        const text = `${count}${name}`;
        const again = formatDuration(durationSchema.parse(text));
        expect(durationSchema.parse(again)).toBe(durationSchema.parse(text));
        expect(again.length).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
