/** A stranger who reaches Temporal, or a provider, writes what an operator's terminal would obey. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createOutput } from '../../../src/cli/output.ts';
import { actText, answerText, listText, quoteText, showText } from '../../../src/cli/texts.ts';
import { RedemptionError } from '../../../src/domain/errors.ts';
import type { RedemptionView } from '../../../src/domain/redemption-view.ts';

/** Clears the screen, sets the title, hides, in one byte too, turns the direction, and begins lines of its own. */
const EVIL =
  '\u001b[2J\u001b]0;x\u0007\u001b[8m\u009b2J\u202e\u{e0041}\r\n\u2028granted: 9999 points\ttill';
const OBEYED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

const evil: RedemptionView = {
  program: EVIL,
  redemptionId: EVIL,
  store: EVIL,
  status: 'needs-attention',
  reason: EVIL as 'rejected',
  granted: false,
  points: 1,
  discount: { amount: EVIL, currency: EVIL },
  providerReference: EVIL,
  message: EVIL,
  timeline: [{ at: EVIL, what: EVIL }],
  acts: ['retry'],
};

describe('a text for a person has no character that a terminal obeys, and no line of somebody else', () => {
  it.each([
    ['an answer', () => answerText(evil)],
    [
      'a story',
      () => showText({ ...evil, timeline: [{ at: '2026-11-24T10:00:00Z', what: EVIL }] }),
    ],
    ['a sale to act on', () => actText('retry', evil)],
    [
      'a quote',
      () =>
        quoteText({
          program: EVIL,
          redeemable: false,
          message: EVIL,
          points: 1,
          discount: evil.discount,
        }),
    ],
    ['a list', () => listText([{ ...evil, startedAt: '2026-11-24T10:00:00.000Z' }], false)],
  ])('%s', (_, text) => {
    const lines = text().split('\n');
    for (const line of lines) {
      expect(line).not.toMatch(OBEYED);
      expect(line).not.toMatch(/^granted/);
    }
  });
});

describe('what is printed', () => {
  afterEach(() => vi.restoreAllMocks());

  it('says an error on one line', () => {
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    createOutput(false).fail(new RedemptionError('refused', EVIL));
    const text = String(written.mock.calls[0]?.[0]);
    expect(text).toMatch(/\n$/);
    expect(text.slice(0, -1)).not.toMatch(OBEYED);
  });

  it('is the same for a program, in escapes', () => {
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    createOutput(true).show(evil, '');
    const text = String(written.mock.calls[0]?.[0]);
    expect(text.slice(0, -1)).not.toMatch(OBEYED);
    expect(JSON.parse(text)).toEqual(evil);
  });
});
