import ms, { type StringValue } from 'ms';
import { z } from 'zod';

/** A duration as settings and the command line write it (`<integer><ms|s|m|h|d>`), parsed to milliseconds. */
export const durationSchema = z
  .string()
  .regex(/^\d{1,9}(ms|s|m|h|d)$/, 'must be a duration such as 500ms, 30s, 15m, 1h or 7d')
  .transform((text) => ms(text as StringValue));

/** The shortest spelling of a duration, for people: `90000` is `2m`. */
export function formatDuration(milliseconds: number): string {
  return ms(milliseconds);
}
