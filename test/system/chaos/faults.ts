/** Every call goes wrong in every way that fits it, at a rate. */
import type { Fault } from '../../support/sandbox-client.ts';
import type { MemberPlan } from './plan.ts';
import type { Kind } from './trouble.ts';

const calls = {
  'white-label-loyalty': ['balance', 'rate', 'deduct', 'restore', 'events', 'event', 'reactions'],
  loyalife: ['token', 'balance', 'deduct', 'restore', 'history'],
  payment: ['status'],
  fulfilment: ['fulfil', 'cancel'],
} as const;

/** A refusal ends the sale, and a hanging call takes its whole time: both are rare. */
const everywhere = [
  { fault: 'refuse', rate: 0.003 },
  { fault: 'hang-before-commit', rate: 0.002 },
  { fault: 'hang-after-commit', rate: 0.002 },
  { fault: 'slow', rate: 0.03, delayMs: 1_200 },
  { fault: 'error-before-commit', rate: 0.015 },
  { fault: 'error-after-commit', rate: 0.015 },
  { fault: 'cut-before-commit', rate: 0.015 },
  { fault: 'cut-after-commit', rate: 0.015 },
  { fault: 'unreadable-after-commit', rate: 0.015 },
  { fault: 'too-many-requests', rate: 0.02 },
  { fault: 'unauthorized', rate: 0.01 },
] as const;

/** What moves points loses its answer more often. */
const lostAnswers = [
  { fault: 'error-after-commit', rate: 0.04 },
  { fault: 'cut-after-commit', rate: 0.04 },
  { fault: 'cut-before-commit', rate: 0.04 },
] as const;

const services = ['white-label-loyalty', 'loyalife', 'payment', 'fulfilment'] as const;
const wll = 'white-label-loyalty';

export function faultsFor(kind: Kind, members: readonly MemberPlan[]): Fault[] {
  if (kind === 'kills-only') return [];
  const ofEveryCall = services.flatMap((service) =>
    calls[service].flatMap((call) => everywhere.map((fault) => ({ service, call, ...fault }))),
  );
  const ofPoints = ([wll, 'loyalife'] as const).flatMap((service) =>
    (['deduct', 'restore'] as const).flatMap((call) =>
      lostAnswers.map((fault) => ({ service, call, ...fault })),
    ),
  );
  // Points of White Label Loyalty that move after their turn ran out can overspend at a provider that refuses nobody, and
  // nothing but a longer turn helps: only those who have enough meet it.
  const landsLate = members
    .filter(({ program, isRich }) => program === 'travel-miles' || isRich)
    .map(({ program, memberId: member }): Fault => ({
      service: program === 'travel-miles' ? 'loyalife' : wll,
      call: 'deduct',
      fault: 'slow',
      rate: 0.03,
      delayMs: 7_000,
      member,
    }));
  return [
    ...landsLate,
    { service: wll, call: 'deduct', fault: 'late-reaction', rate: 0.05, delayMs: 800 },
    { service: wll, call: 'deduct', fault: 'missing-reactor', rate: 0.005 },
    { service: wll, call: 'restore', fault: 'late-reaction', rate: 0.1, delayMs: 2_500 },
    { service: wll, call: 'restore', fault: 'missing-reactor', rate: 0.005 },
    // Longer than anybody waits for one answer: the next attempt meets the one before it.
    { service: wll, call: 'restore', fault: 'slow', rate: 0.01, delayMs: 11_500 },
    { service: 'loyalife', call: 'restore', fault: 'slow', rate: 0.01, delayMs: 11_500 },
    { service: 'fulfilment', call: 'fulfil', fault: 'pending', rate: 0.05 },
    ...ofPoints,
    ...ofEveryCall,
  ];
}
