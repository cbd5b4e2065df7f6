/** From what was typed to what the client takes. What the request's own schema says is not said again here. */
import { RedemptionError } from '../domain/errors.ts';
import type { Program } from '../programs/programs.ts';
import { durationSchema } from '../schemas/duration.ts';
import type { Money } from '../schemas/redemption.ts';

export function pointsFrom(text: string | undefined): { points?: number } {
  return text === undefined ? {} : { points: text.trim() === '' ? NaN : Number(text) };
}

/** `5.00`, in the program's currency, or with its currency: `"5.00 GBP"`. */
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
  throw new RedemptionError('invalid-request', `${field} must be a number from 1 to 999.`, {
    field,
  });
}

/** Only what was given, for an absent option is not an empty one. */
export function given<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
