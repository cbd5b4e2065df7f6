/** What may happen to the payment of a sale, and in which order it is reported. */
import type { Message, SalePlan } from './plan.ts';
import type { Random } from './random.ts';

export const scenarios = [
  'captured',
  'captured',
  'captured',
  'captured several times',
  'captured, and found by asking only',
  'voided',
  'captured and voided in any order',
  'nothing',
  'captured late',
  'voided after completion',
  'voided at any moment',
] as const;
export type ScenarioName = (typeof scenarios)[number];

type Scenario = Pick<SalePlan, 'scenario' | 'messages' | 'paymentStatus'>;

export function drawScenario(random: Random, deductByMs: number): Scenario {
  const scenario = random.pick(scenarios);
  const paymentId = random.chance(0.5) ? { paymentId: 'payment-1' } : {};
  const message = (
    kind: Message['kind'],
    after: Message['after'],
    longestPauseMs: number,
    eventId: string = kind,
  ): Message => ({
    kind,
    after,
    pauseMs: random.integer(0, longestPauseMs),
    event: { eventId, ...paymentId },
  });
  const captured = () => message('captured', 'answered', 2_000);
  const voided = () => message('voided', 'answered', 2_000);

  switch (scenario) {
    case 'captured':
      return { scenario, messages: [captured()] };
    case 'captured several times':
      return { scenario, messages: [captured(), captured(), captured()] };
    case 'captured, and found by asking only':
      return { scenario, messages: [], paymentStatus: 'captured' };
    case 'voided':
      return { scenario, messages: [voided(), voided()] };
    case 'captured and voided in any order':
      return { scenario, messages: [captured(), voided(), captured(), voided()] };
    case 'nothing':
      return { scenario, messages: [] };
    case 'captured late':
      return { scenario, messages: [message('captured', 'ended', 500, 'late')] };
    case 'voided after completion': {
      const afterwards = ['first', 'second', 'third'].map((eventId) =>
        message('voided', 'ended', 500, eventId),
      );
      return { scenario, messages: [captured(), ...afterwards] };
    }
    case 'voided at any moment':
      return {
        scenario,
        messages: [captured(), message('voided', 'asked', 2 * deductByMs)],
      };
  }
}
