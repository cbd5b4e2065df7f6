import { z } from 'zod';
import { textSchema, urlSchema } from '../schemas/settings.ts';

/** A program has no such service of the merchant, or one that is called over HTTP with signed requests. */
export const serviceSettingsSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('http'), url: urlSchema, secret: textSchema }),
]);
export type ServiceSettings = z.infer<typeof serviceSettingsSchema>;
