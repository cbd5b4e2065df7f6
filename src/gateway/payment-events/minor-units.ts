/**
 * Knows how many decimals a vendor's minor unit has. Neither vendor follows the currency's own number everywhere, so each has
 * a list. An amount that is wrong by a factor of 100 would count as the payment of the whole basket.
 */
import { Decimal } from 'decimal.js';
import { moneySchema, type Money } from '../../schemas/redemption.ts';

/** From docs.stripe.com/currencies. ISK and UGX have no decimals, but Stripe counts them in hundredths. */
const stripe = {
  none: 'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF',
  three: 'BHD JOD KWD OMR TND',
};

/** From docs.adyen.com/development-resources/currency-codes: ISO 4217, except CLP and ISK (2), CVE and IDR (0). */
const adyen = {
  none: 'BIF CVE DJF GNF IDR JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF',
  three: 'BHD IQD JOD KWD LYD OMR TND',
};

/** Converts an amount. `currency` is in capitals. Returns `undefined` for an impossible amount, which counts as unknown. */
export function moneyAt(
  vendor: 'stripe' | 'adyen',
  minor: number,
  currency: string,
): Money | undefined {
  const { none, three } = vendor === 'stripe' ? stripe : adyen;
  const digits = none.includes(currency) ? 0 : three.includes(currency) ? 3 : 2;
  const amount = new Decimal(minor).div(Decimal.pow(10, digits)).toFixed(digits);
  const money = moneySchema.safeParse({ amount, currency });
  return money.success ? money.data : undefined;
}
