import { z } from 'zod';
import { textSchema, urlSchema } from '../schemas/settings.ts';

/** A service of the merchant's that a program may have: none, or one that is called over HTTP with signed requests. */
export const serviceSettingsSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('http'), url: urlSchema, secret: textSchema }),
]);
export type ServiceSettings = z.infer<typeof serviceSettingsSchema>;
