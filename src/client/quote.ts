import { z } from 'zod';
import { RedemptionError } from '../domain/errors.ts';
import type { NoOffer } from '../domain/quote.ts';
import { ProviderError, type LoyaltyProvider } from '../loyalty/provider.ts';
import { makeOffer } from '../programs/offer.ts';
import type { Program, Programs } from '../programs/programs.ts';
import { ONE_ASK, askShape, hasOneAsk, moneySchema, type Money } from '../schemas/redemption.ts';
import { checkAmounts, parseAs, programOf } from './request-check.ts';

export const quoteRequestSchema = z
  .strictObject({ ...askShape, basket: moneySchema.optional() })
  .refine(hasOneAsk, ONE_ASK);
export type QuoteRequest = z.infer<typeof quoteRequestSchema>;

export interface QuoteAnswer {
  readonly program: string;
  /** True if these points could be redeemed now. Otherwise `reason` and `message` say why not. */
  readonly redeemable: boolean;
  readonly reason?: NoOffer['reason'];
  readonly message?: string;
  /** The member's points. Present only if the points could be redeemed. */
  readonly balance?: number;
  readonly points?: number;
  readonly discount?: Money;
}

/** Asks the provider directly, because nothing needs to be kept. @throws RedemptionError `invalid-request`, `unavailable` */
export async function quote(
  input: QuoteRequest,
  programs: Programs,
  providerOf: (program: Program) => LoyaltyProvider,
): Promise<QuoteAnswer> {
  const request = parseAs(quoteRequestSchema, input);
  const program = programOf(programs, request.program);
  const ask = { ...request, ...checkAmounts(request, program) };
  try {
    const offer = await makeOffer(program, providerOf(program), ask);
    if (offer.kind === 'no-offer')
      return {
        program: program.id,
        redeemable: false,
        reason: offer.reason,
        message: offer.message,
        ...(offer.offer && { points: offer.offer.points, discount: offer.offer.discount }),
      };
    const { balance, points, discount } = offer;
    return { program: program.id, redeemable: true, balance, points, discount };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    throw new RedemptionError(
      'unavailable',
      `The provider of ${program.id} gave no usable answer (${error.message}): try again.`,
      { cause: error },
    );
  }
}
