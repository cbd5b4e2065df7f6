/** The details that Temporal UI shows, for every status and reason, and for words that others wrote. */
import { describe, expect, it } from 'vitest';
import { attention } from '../../../src/domain/attention.ts';
import { moves } from '../../../src/domain/redemption-state.ts';
import type { AttentionReason, Status } from '../../../src/domain/statuses.ts';
import { summaryOf } from '../../../src/domain/summary.ts';
import type { RedemptionView } from '../../../src/index.ts';
import { detailsOf } from '../../../src/workflows/details.ts';

const view: RedemptionView = {
  program: 'coffee-club',
  redemptionId: 'S12-T3-1',
  store: 'S12',
  status: 'awaiting-payment',
  granted: true,
  points: 500,
  discount: { amount: '5.00', currency: 'GBP' },
  providerReference: '4711',
  timeline: [],
};

it.each(Object.keys(moves) as Status[])('shows the table of a sale that is %s', (status) => {
  const facts = {
    payment: 'open',
    deductBy: '2026-01-01T00:00:30.000Z',
    paymentBy: '2026-01-01T00:15:00.000Z',
  };
  expect(detailsOf({ ...view, status }, facts).replaceAll('\u00a0', '')).toBe(
    [
      '| | |',
      '| --- | --- |',
      `| status | ${status} |`,
      '| discount granted | yes |',
      '| points | 500 |',
      '| discount | 5.00 GBP |',
      ...(status === 'declined' ? [] : ['| payment | open |']),
      '| provider reference | 4711 |',
      '| deduct by | 2026-01-01 00:00:30 UTC |',
      '| payment by | 2026-01-01 00:15:00 UTC |',
      '| sale | S12-T3-1, store S12, coffee-club |',
    ].join('\n'),
  );
});

it.each(Object.keys(attention) as AttentionReason[])(
  'shows the next step, and a command for each way out of %s',
  (reason) => {
    const { acts, nextStep, reports = [] } = attention[reason];
    const details = detailsOf(
      { ...view, status: 'needs-attention', reason, message: nextStep, acts },
      {},
    );
    expect(details).toContain(`### Next step\n\n${nextStep}\n`);
    const commands =
      details
        .split('```')[1]
        ?.trim()
        .split(/\n(?=npm)/) ?? [];
    expect(commands).toHaveLength(acts.length + reports.length);
    for (const command of commands)
      expect(command).toMatch(
        /^npm run starter -- (retry|resolve|capture|void) \\\n {2}--program coffee-club --id S12-T3-1/,
      );
  },
);

describe('what others wrote', () => {
  it('stays one line of plain words', () => {
    const message = 'a | b\n# <b>c</b> `d` [e](http://f) ![g](h) www.i.example \u202Ej';
    expect(detailsOf({ ...view, status: 'declined', message }, {})).toContain(
      String.raw`Because: a \| b \# \<b\>c\</b\> \`d\` \[e\](http\://f) \!\[g\](h) www\.i.example j`,
    );
  });

  it('is cut where it is long, and the story where it has many steps', () => {
    const timeline = Array.from({ length: 40 }, (_, index) => ({
      at: '2026-01-01T00:00:00.000Z',
      what: `${index} ${'x'.repeat(1_000)}`,
    }));
    const story = detailsOf({ ...view, timeline }, {}).split('### What happened\n\n')[1] ?? '';
    const lines = story.split('\n');
    expect(lines).toHaveLength(31);
    expect(lines[0]).toBe('- … 10 earlier');
    expect(lines[30]).toMatch(/^- 2026-01-01 00:00:00 UTC: 39 x+…$/);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(340);
  });
});

it.each([
  [500, '5.00', '500 points for 5.00 GBP at store S12, coffee-club'],
  [500, '0.00', '500 points at store S12, coffee-club'],
  [0, '5.00', '5.00 GBP in points at store S12, coffee-club'],
])('sums up %d points for %s as far as is known', (points, amount, summary) => {
  expect(summaryOf({ ...view, points, discount: { amount, currency: 'GBP' } })).toBe(summary);
});
