/**
 * The payment sources file (`GATEWAY_PAYMENT_SOURCES`) says who may send payment events, and how they are read. A secret in it
 * is written `"env:NAME"`, so that the file itself can be kept in git.
 */
import { z } from 'zod';
import {
  byId,
  demandPrograms,
  readSettingsFile,
  type Environment,
} from '../../files/settings-file.ts';
import type { Programs } from '../../programs/programs.ts';
import { durationSchema } from '../../schemas/duration.ts';
import { idSchema } from '../../schemas/redemption.ts';

const inMetadata = (key: string) =>
  z.strictObject({ metadata: z.string().min(1).max(64) }).default({ metadata: key });

function secretsOf(form: RegExp, formInWords: string) {
  return z
    .array(z.string().regex(form, `must be ${formInWords}`))
    .min(1, 'must name at least one secret')
    .max(5, 'must name at most five secrets: remove those that are no longer used');
}

const programs = z.array(idSchema).min(1, 'must name at least one program');
const stripe = z.strictObject({
  id: idSchema,
  kind: z.literal('stripe'),
  programs,
  secrets: secretsOf(/^whsec_\S{16,}$/, 'a signing secret that begins with whsec_'),
  /** The largest age of a signature. */
  tolerance: durationSchema
    .refine((milliseconds) => milliseconds >= 1_000, 'must be at least 1s')
    .default(5 * 60_000),
  redemptionId: inMetadata('redemption_id'),
  program: inMetadata('program'),
});
const adyen = z.strictObject({
  id: idSchema,
  kind: z.literal('adyen'),
  /** One program, because Adyen signs no metadata, so no field of an item can be trusted to name a program. */
  programs: z
    .array(idSchema)
    .length(1, 'must name one program: configure an Adyen source for each program'),
  // Node reads a key that is not hexadecimal as an empty key, with which anybody could sign.
  secrets: secretsOf(/^([0-9A-Fa-f]{2}){32}$/, 'an HMAC key of 64 hex digits'),
  /** With `automatic`, an authorised payment is captured without another event. */
  capture: z.enum(['automatic', 'manual']),
  /** Only a merchant reference that begins with this names a redemption. */
  merchantReferencePrefix: z.string().max(64).default(''),
});
const standard = z.strictObject({
  id: idSchema,
  kind: z.literal('standard-webhooks'),
  programs,
  secrets: secretsOf(
    /^whsec_(?:[A-Za-z0-9+/]{4}){6,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
    'whsec_ and at least 18 bytes in base64',
  ),
});
const sourcesSchema = z.strictObject({
  sources: z.array(
    z.discriminatedUnion('kind', [stripe, adyen, standard], {
      error: 'must be stripe, adyen or standard-webhooks',
    }),
  ),
});

export type PaymentSource = z.infer<typeof sourcesSchema>['sources'][number];
export type StripeSource = Extract<PaymentSource, { kind: 'stripe' }>;
export type AdyenSource = Extract<PaymentSource, { kind: 'adyen' }>;
export type StandardSource = Extract<PaymentSource, { kind: 'standard-webhooks' }>;

/** The sources by id, as the gateway holds them. */
export type PaymentSources = ReadonlyMap<string, PaymentSource>;

/** @throws SettingsError in one sentence that names the field and the remedy. */
export function readPaymentSources(
  file: string,
  environment: Environment,
  programs: Programs,
): PaymentSources {
  const source = { setting: 'GATEWAY_PAYMENT_SOURCES', file, schema: sourcesSchema };
  const { sources } = readSettingsFile({
    ...source,
    remedy: 'name a JSON file of payment sources',
    secretsFrom: environment,
  });
  for (const each of sources) demandPrograms(each.programs, `source ${each.id}`, programs, source);
  return byId('sources', sources, source);
}
