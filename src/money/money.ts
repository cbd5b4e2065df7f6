/** Money is integer minor units inside, and a decimal string with its currency outside. No float ever holds it. */
import { code as isoCurrency } from 'currency-codes';
import { Decimal } from 'decimal.js';
import type { Money } from '../schemas/redemption.ts';

export function isCurrency(code: string): boolean {
  return Intl.supportedValuesOf('currency').includes(code);
}

/**
 * Returns how many decimals the currency has by ISO 4217: 2 for GBP, 0 for JPY, 3 for KWD. Intl says how many are usually
 * shown, which is fewer for some (HUF, IDR, IQD), so it is asked only for a currency that is newer than the list.
 */
export function minorUnitDigits(currency: string): number {
  return (
    isoCurrency(currency)?.digits ??
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
      .maximumFractionDigits ??
    2
  );
}

/** Returns `undefined` if the amount has more decimals than its currency. */
export function toMinor(money: Money): number | undefined {
  const minor = new Decimal(money.amount).mul(Decimal.pow(10, minorUnitDigits(money.currency)));
  return minor.isInteger() && minor.lte(Number.MAX_SAFE_INTEGER) ? minor.toNumber() : undefined;
}

export function fromMinor(minor: number, currency: string): Money {
  const digits = minorUnitDigits(currency);
  return { amount: new Decimal(minor).div(Decimal.pow(10, digits)).toFixed(digits), currency };
}
