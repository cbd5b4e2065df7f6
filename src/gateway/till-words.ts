/** What a till may read of a redemption: sentences for a cashier. The words of a provider or a service are for operators. */
import type { NoOffer } from '../domain/quote.ts';
import type { RedemptionView } from '../domain/redemption-view.ts';
import type { Reason } from '../domain/statuses.ts';
import type { AccessKey } from './access-keys.ts';

const NO_ANSWER =
  'There was no answer in time, so no points are used. Take the payment without points, or try a new sale.';
const ATTENDED_TO = "The store's support is looking into this sale. Give no discount for it.";
const GIVEN_BACK = 'The points go back to the member. Give no discount.';

const sentences: Readonly<Record<Exclude<Reason, 'limit'>, string>> = {
  'insufficient-points': 'The member does not have enough points for this.',
  'member-unknown': 'This member is not known. Check the card or the number.',
  'member-inactive': 'This membership is not active, so no points can be used.',
  voided: 'The sale was voided before any points were taken.',
  cancelled: 'The redemption was cancelled. Give no discount.',
  'too-late': NO_ANSWER,
  'provider-failed': NO_ANSWER,
  rejected: 'The loyalty program does not accept this redemption. No points were taken.',
  'payment-voided': GIVEN_BACK,
  'payment-timed-out': 'The payment did not come in time. The points go back to the member.',
  'fulfilment-failed':
    'What the points were to buy cannot be given. The points go back to the member.',
  overspent: 'The member did not have enough points. The points go back to the member.',
  'late-deduction': GIVEN_BACK,
  operator: GIVEN_BACK,
  'deduction-unknown': ATTENDED_TO,
  'deduction-not-applied': ATTENDED_TO,
  'payment-unknown': ATTENDED_TO,
  'cancellation-refused': ATTENDED_TO,
  'restoration-refused': ATTENDED_TO,
  'restoration-unknown': ATTENDED_TO,
  'restoration-doubled': ATTENDED_TO,
  'restoration-not-applied': ATTENDED_TO,
  'discount-not-applied': ATTENDED_TO,
  'late-capture': ATTENDED_TO,
  'illegal-move': ATTENDED_TO,
};

/** The reason in words. A limit of the program is in our own words already, and says what would fit. */
function sentenceFor(reason: Reason | NoOffer['reason'], message: string | undefined) {
  return reason === 'limit' ? message : sentences[reason];
}

interface Explained {
  readonly reason?: Reason | NoOffer['reason'];
  readonly message?: string;
}

/** Puts the cashier's sentence into `message`, and the original, only for an operator's key, into `detail`. */
export function explained<Answer extends Explained>(
  answer: Answer,
  { scopes }: AccessKey,
): Answer & { detail?: string } {
  const { message: detail, reason, ...rest } = answer;
  const message = reason === undefined ? undefined : sentenceFor(reason, detail);
  return {
    ...(rest as Answer),
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message }),
    ...(detail !== undefined && scopes.includes('operate') && { detail }),
  };
}

/** Takes a service's own words out of the timeline, except for an operator. */
export function timelineFor(
  timeline: RedemptionView['timeline'],
  { scopes }: AccessKey,
): RedemptionView['timeline'] {
  if (scopes.includes('operate')) return timeline;
  return timeline.map(({ at, what }) => ({
    at,
    what: what.replace(/^(fulfilment (?:failed|refused)): .*$/s, '$1'),
  }));
}
