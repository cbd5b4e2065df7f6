/** Fields that several settings files have. */
import { Decimal } from 'decimal.js';
import { z } from 'zod';

export const textSchema = z.string().min(1, 'must not be empty').max(1024);

/** Drops slashes at the end, so that a path can be appended. */
export const urlSchema = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .transform((text) => text.replace(/\/+$/, ''));

export const positiveDecimalSchema = z
  .string()
  .refine(
    (value) => /^\d{1,12}(\.\d{1,12})?$/.test(value) && new Decimal(value).gt(0),
    'must be a decimal above 0 such as "0.01"',
  );
