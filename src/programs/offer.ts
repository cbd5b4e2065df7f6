import type { Ask, NoOffer, Offer } from '../domain/quote.ts';
import { ProviderError, type LoyaltyProvider } from '../loyalty/provider.ts';
import { fromMinor, toMinor } from '../money/money.ts';
import type { Money, RedemptionRequest } from '../schemas/redemption.ts';
import { objectionTo } from './limits.ts';
import type { Program } from './programs.ts';

/** Without a `basket`, only the program's limits in points count. */
export type OfferRequest = Pick<RedemptionRequest, 'member' | 'points' | 'amount'> & {
  readonly basket?: Money | undefined;
};

/** Asks for balance and rate, and takes nothing. @throws ProviderError except for a definite refusal, which is an answer */
export async function makeOffer(
  program: Program,
  provider: LoyaltyProvider,
  request: OfferRequest,
): Promise<({ kind: 'offer' } & Offer) | ({ kind: 'no-offer' } & NoOffer)> {
  try {
    const [balance, quoted] = await Promise.all([
      provider.checkBalance(request.member),
      provider.quote(askOf(request)),
    ]);
    const { points, discountMinor } = quoted;
    const offer: Offer = {
      memberId: balance.memberId,
      balance: balance.points,
      points,
      discount: fromMinor(discountMinor, program.currency),
      discountMinor,
    };
    const basketMinor = request.basket === undefined ? Infinity : minorOf(request.basket);
    const objection = objectionTo(quoted, basketMinor, program);
    if (objection !== undefined) return { kind: 'no-offer', ...objection, offer };
    if (balance.points < points)
      return {
        kind: 'no-offer',
        reason: 'insufficient-points',
        message: `the member has ${balance.points} points, not ${points}`,
        offer,
      };
    return { kind: 'offer', ...offer };
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind !== 'refused') throw error;
    return { kind: 'no-offer', reason: error.refusal ?? 'rejected', message: error.message };
  }
}

function askOf({ points, amount }: OfferRequest): Ask {
  if (points !== undefined) return { points };
  if (amount !== undefined) return { amountMinor: minorOf(amount) };
  throw new Error('the request names neither points nor an amount');
}

function minorOf(money: Money): number {
  const minor = toMinor(money);
  if (minor === undefined) throw new Error(`an amount has more decimals than ${money.currency}`);
  return minor;
}
