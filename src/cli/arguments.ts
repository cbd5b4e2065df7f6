/** Turns what was typed into what the client takes. The checks of the request's own schema are not repeated here. */
import { RedemptionError } from '../domain/errors.ts';
import type { Program } from '../programs/programs.ts';
import { durationSchema } from '../schemas/duration.ts';
import type { Money } from '../schemas/redemption.ts';

export function pointsFrom(text: string | undefined): { points?: number } {
  return text === undefined ? {} : { points: text.trim() === '' ? NaN : Number(text) };
}

/** Reads `5.00`, in the program's currency, or an amount with its currency: `"5.00 GBP"`. */
export function moneyFrom(text: string, field: string, program: Program): Money {
  const [, amount, currency] = /^(\d+(?:\.\d+)?)(?: ([A-Z]{3}))?$/.exec(text) ?? [];
  if (amount === undefined)
    throw new RedemptionError('invalid-request', `${field} must be a decimal such as 5.00.`, {
      field,
    });
  return { amount, currency: currency ?? program.currency };
}

export function durationFrom(text: string, field: string): number {
  const parsed = durationSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new RedemptionError(
    'invalid-request',
    `${field} must be a duration such as 30s, 15m or 7d.`,
    { field },
  );
}

export function countFrom(text: string, field: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new RedemptionError('invalid-request', `${field} must be a whole number from 1 to 999.`, {
    field,
  });
}

/** Leaves out the options that were not given. */
export function given<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
