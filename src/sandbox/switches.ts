/** Switches for what the providers leave open ([?] in docs/providers). They last until the process ends. */
import { z } from 'zod';
import { coffeeClub } from '../programs/sandbox.ts';

const milliseconds = z.int().min(0).max(3_600_000);

export const switchesSchema = z.strictObject({
  /** White Label Loyalty answers bare instead of inside `{"data": …}`. */
  bareEnvelope: z.boolean(),
  /** White Label Loyalty refuses (409) an event of the same type, subject and payload as an earlier one. */
  duplicateDetection: z.boolean(),
  /** How long after an accepted event its reactor moves the points. With 0, it does so right after the answer. */
  reactionDelayMs: milliseconds,
  /** White Label Loyalty allows 100 requests/s with a burst of 400. Off for measurements of something else. */
  rateLimit: z.boolean(),
  /** White Label Loyalty's event ids are numbers, or strings. */
  eventIds: z.enum(['number', 'string'], { error: 'must be number or string' }),
  /** The place of the points in White Label Loyalty's wallet. */
  walletPointer: z.string().regex(/^(\/[A-Za-z]+)+$/, 'must be a JSON pointer such as /points'),
  /** The rows of Loyalife's history carry their MerchantName. Otherwise it is null. */
  historyMerchantName: z.boolean(),
  /** The rows of Loyalife's history show redemptions, too, as positive points. */
  historyPositiveRows: z.boolean(),
  /** The zone of Loyalife's times, which are written without one. East of Greenwich is positive. */
  historyOffsetMinutes: z.int().min(-720).max(840),
  /** Loyalife's code for the second reversal of one redemption. */
  secondReversalCode: z.string().regex(/^\d{3}$/, 'must be three digits'),
  tokenLifetimeSeconds: z.int().min(0).max(86_400),
  /** How many times the fulfilment service says "still working" before it fulfils an order. */
  fulfilmentPendingCount: z.int().min(0).max(1_000),
});
export type Switches = z.infer<typeof switchesSchema>;

export function defaultSwitches(): Switches {
  return {
    bareEnvelope: false,
    duplicateDetection: false,
    reactionDelayMs: 0,
    rateLimit: true,
    eventIds: 'number',
    walletPointer: coffeeClub.walletPointer,
    historyMerchantName: true,
    historyPositiveRows: false,
    historyOffsetMinutes: 330,
    secondReversalCode: '405',
    tokenLifetimeSeconds: 1_800,
    fulfilmentPendingCount: 0,
  };
}
