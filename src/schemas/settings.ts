/** Fields that the settings files share. */
import { Decimal } from 'decimal.js';
import { z } from 'zod';

export const textSchema = z.string().min(1, 'must not be empty').max(1024);

/** Without a slash at its end, so that a path can be put behind it. */
export const urlSchema = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .transform((text) => text.replace(/\/+$/, ''));

export const positiveDecimalSchema = z
  .string()
  .refine(
    (value) => /^\d{1,12}(\.\d{1,12})?$/.test(value) && new Decimal(value).gt(0),
    'must be a decimal above 0 such as "0.01"',
  );
