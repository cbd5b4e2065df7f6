/** Loyalife in our words. docs/providers/loyalife.md says what its API does, and explains the marks [D] and [?]. */
import { createHash } from 'node:crypto';
import type { Deduction, ProviderNames } from '../../domain/orders.ts';
import { quoteAt } from '../../money/conversion.ts';
import { fromMinor } from '../../money/money.ts';
import { ProviderError, type LoyaltyProvider } from '../provider.ts';
import { createClient } from './client.ts';
import { failureOf, leavesOpen } from './codes.ts';
import { matchRedemption, matchReversal, readHistory } from './history.ts';
import type { LoyalifeSettings } from './settings.ts';

/** The settings that show in a redemption. */
interface Names extends ProviderNames {
  readonly merchantName: string;
  readonly merchantReference: boolean;
}

/**
 * Points move at once, the provider refuses an overspend itself, and a reversal gives everything back and works once [D].
 * No canonical id of a member is published [?], so the till's spelling stands for it.
 */
export function createLoyalife(program: LoyalifeSettings): LoyaltyProvider {
  const client = createClient(program);

  const { merchantName, merchantReference } = program;
  const names: Names = { merchantName, merchantReference };

  /** Under the sale's own names, because a reversal must repeat them [D] and the history shows them. */
  const namedIn = (deduction: Deduction): { merchantName: string; isExact: boolean } => {
    const own: Names = { ...names, ...deduction.names };
    if (!own.merchantReference) return { merchantName: own.merchantName, isExact: false };
    const reference = shortReference(program.id, deduction.redemptionId);
    return { merchantName: `${own.merchantName} #${reference}`, isExact: true };
  };

  const provider: LoyaltyProvider = {
    names,
    capabilities: {
      refusesOverspending: true,
      findsByReference: merchantReference,
      partialRestore: false,
    },

    async checkBalance(member) {
      const reply = await client.checkAvailability(member);
      if (!reply.succeeded) throw failureOf('CheckAvailability', reply.code);
      return { memberId: member, points: reply.value.ReturnObject };
    },

    quote: (ask) => Promise.resolve(quoteAt(program.rate.value, program.currency, ask)),

    async deductPoints(deduction, waitMs) {
      const { member, points, discountMinor } = deduction;
      const redemption = {
        Amount: Number(fromMinor(discountMinor, program.currency).amount),
        Points: points,
        MerchantName: namedIn(deduction).merchantName,
        LoyaltyTxnType: program.transactionType,
      };
      const reply = await client.redeemPoints(member, redemption, waitMs);
      if (!reply.succeeded) throw failureOf('RedeemPoints', reply.code);
      return { reference: reply.value.ReturnObject };
    },

    /** Decides every refusal by the history, because the code of a second reversal is not published [?]. */
    async restorePoints(deduction, reference, waitMs) {
      const reversal = {
        MerchantName: namedIn(deduction).merchantName,
        ExternalReference: reference,
      };
      const reply = await client.reversePoints(deduction.member, reversal, waitMs);
      if (reply.succeeded) return { reference };
      const failure = failureOf('ReversalPoints', reply.code);
      if (leavesOpen(reply.code)) throw failure;
      const earlier = await provider.findRestoration(deduction, reference).catch(() => undefined);
      if (earlier === undefined)
        throw new ProviderError('unknown', `${failure.message}, and the history was not readable`);
      if (earlier.kind === 'found') return { reference };
      throw new ProviderError('refused', failure.message, {
        refusal: failure.refusal ?? 'rejected',
      });
    },

    async findDeduction(deduction) {
      const { member, points, since } = deduction;
      return matchRedemption(await readHistory(client, member, since), points, namedIn(deduction));
    },

    async ownerOf(deduction, reference) {
      const { member, points, since } = deduction;
      const rows = await readHistory(client, member, since);
      const own = rows.filter((row) => row.ExternalReference === reference);
      if (own.length === 0) return 'unknown';
      // Which sign a redemption shows is an assumption [?], and a person has looked.
      const equal = own.filter((row) => Math.abs(row.Points) === points);
      const match = matchRedemption(equal, points, namedIn(deduction));
      if (match.kind === 'not-found') return 'other';
      return matchReversal(own, points, reference).kind === 'not-found' ? 'ours' : 'restored';
    },

    /** Reads from the redemption on, because a reversal shows as another row beside it. */
    async findRestoration({ member, points, since, deductedSince = since }, reference) {
      return matchReversal(await readHistory(client, member, deductedSince), points, reference);
    },
  };
  return provider;
}

/** Makes ten characters out of 32: short enough for a merchant's name, and two sales never share them in practice. */
function shortReference(program: string, redemptionId: string): string {
  const hash = createHash('sha256').update(`${program}:${redemptionId}`).digest();
  return [...hash.subarray(0, 10)]
    .map((byte) => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'[byte % 32])
    .join('');
}
