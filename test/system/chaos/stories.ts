/** What may happen to the payment of a sale, and in which order it is reported. */
import type { Message, SalePlan } from './plan.ts';
import type { Random } from './random.ts';

export const stories = [
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
export type StoryName = (typeof stories)[number];

type Told = Pick<SalePlan, 'story' | 'messages' | 'paymentStatus'>;

export function tellStory(random: Random, deductByMs: number): Told {
  const story = random.pick(stories);
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

  switch (story) {
    case 'captured':
      return { story, messages: [captured()] };
    case 'captured several times':
      return { story, messages: [captured(), captured(), captured()] };
    case 'captured, and found by asking only':
      return { story, messages: [], paymentStatus: 'captured' };
    case 'voided':
      return { story, messages: [voided(), voided()] };
    case 'captured and voided in any order':
      return { story, messages: [captured(), voided(), captured(), voided()] };
    case 'nothing':
      return { story, messages: [] };
    case 'captured late':
      return { story, messages: [message('captured', 'ended', 500, 'late')] };
    case 'voided after completion': {
      const afterwards = ['first', 'second', 'third'].map((eventId) =>
        message('voided', 'ended', 500, eventId),
      );
      return { story, messages: [captured(), ...afterwards] };
    }
    case 'voided at any moment':
      return {
        story,
        messages: [captured(), message('voided', 'asked', 2 * deductByMs)],
      };
  }
}
