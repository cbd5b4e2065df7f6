import { z } from 'zod';

const UNITS_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

type Unit = keyof typeof UNITS_MS;

/** A duration as settings and the command line write it (`<integer><ms|s|m|h|d>`), parsed to milliseconds. */
export const durationSchema = z
  .string()
  .regex(/^\d{1,9}(ms|s|m|h|d)$/, 'must be a duration such as 500ms, 30s, 15m, 1h or 7d')
  .transform((text) => {
    const unit = text.replace(/\d+/, '') as Unit;
    return Number.parseInt(text, 10) * UNITS_MS[unit];
  });

/**
 * Writes a duration for messages, and as it is read: whole milliseconds in the largest unit that divides them, `90000` is `90s`.
 * Only a fraction of a millisecond is rounded, which a timer may leave.
 */
export function formatDuration(duration: number): string {
  const milliseconds = Math.round(duration);
  const [unit, unitMs] = Object.entries(UNITS_MS)
    .filter(([, candidateMs]) => candidateMs <= milliseconds && milliseconds % candidateMs === 0)
    .at(-1) ?? ['ms', 1];
  return `${milliseconds / unitMs}${unit}`;
}
