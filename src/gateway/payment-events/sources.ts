/**
 * The payment sources file (`GATEWAY_PAYMENT_SOURCES`): who may send payment events, and how theirs are read. A secret in
 * it is written `"env:NAME"`, so the file itself can be kept in git.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Programs } from '../../programs/programs.ts';
import { durationSchema } from '../../schemas/duration.ts';
import { SettingsError, describeIssue } from '../../schemas/issues.ts';
import { idSchema } from '../../schemas/redemption.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const inMetadata = (key: string) =>
  z.strictObject({ metadata: z.string().min(1).max(64) }).default({ metadata: key });

/** Resolved while it is parsed, so that every complaint names its place and never the value. */
function secretsIn(environment: Environment, form: RegExp, formInWords: string) {
  const secret = z.string().transform((text, context) => {
    const complain = (message: string) => {
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    };
    const name = /^env:(\w+)$/.exec(text)?.[1];
    if (name === undefined)
      return complain('must be "env:NAME": put the secret into a variable and name it here');
    const value = environment[name];
    if (value === undefined || value === '')
      return complain(`is env:${name}, and the variable ${name} is not set: set it`);
    if (!form.test(value)) return complain(`is env:${name}, which must hold ${formInWords}`);
    return value;
  });
  return z
    .array(secret)
    .min(1, 'must name at least one secret')
    .max(5, 'must name at most five: take away those that are no longer used');
}

function sourcesSchema(environment: Environment) {
  const programs = z.array(idSchema).min(1, 'must name at least one program');
  const stripe = z.strictObject({
    id: idSchema,
    kind: z.literal('stripe'),
    programs,
    secrets: secretsIn(environment, /^whsec_\S{16,}$/, 'a signing secret that begins with whsec_'),
    /** How old a signature may be. For the library, zero would mean that age does not matter. */
    tolerance: durationSchema
      .refine((milliseconds) => milliseconds >= 1_000, 'must be at least 1s')
      .default(5 * 60_000),
    redemptionId: inMetadata('redemption_id'),
    program: inMetadata('program'),
  });
  const adyen = z.strictObject({
    id: idSchema,
    kind: z.literal('adyen'),
    /** Adyen signs no metadata, so nothing in its items can be trusted to name the program. */
    programs: z
      .array(idSchema)
      .length(1, 'must name one program: make one Adyen source for each program'),
    // The library reads what is not hexadecimal as an empty key, with which anybody could sign.
    secrets: secretsIn(environment, /^([0-9A-Fa-f]{2}){32}$/, 'an HMAC key of 64 hex digits'),
    /** `automatic`: an authorised payment is captured without another event. */
    capture: z.enum(['automatic', 'manual']),
    /** Only a merchant reference that begins so names a redemption. */
    merchantReferencePrefix: z.string().max(64).default(''),
  });
  const standard = z.strictObject({
    id: idSchema,
    kind: z.literal('standard-webhooks'),
    programs,
    secrets: secretsIn(
      environment,
      /^whsec_(?:[A-Za-z0-9+/]{4}){6,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
      'whsec_ and at least 18 bytes in base64',
    ),
  });
  return z.strictObject({
    sources: z.array(
      z.discriminatedUnion('kind', [stripe, adyen, standard], {
        error: 'must be stripe, adyen or standard-webhooks',
      }),
    ),
  });
}

export type PaymentSource = z.infer<ReturnType<typeof sourcesSchema>>['sources'][number];
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
  const setting = `GATEWAY_PAYMENT_SOURCES (${file})`;
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw new SettingsError(`${setting} ${why}: name a JSON file of payment sources.`, {
      cause: error,
    });
  }
  const parsed = sourcesSchema(environment).safeParse(content, { reportInput: true });
  if (!parsed.success) throw new SettingsError(`${setting}: ${describeIssue(parsed.error)}.`);
  const sources = new Map<string, PaymentSource>();
  for (const source of parsed.data.sources) {
    if (sources.has(source.id))
      throw new SettingsError(
        `${setting}: sources has two entries with the id ${source.id}: give each its own.`,
      );
    const unknown = source.programs.find((program) => !programs.has(program));
    if (unknown !== undefined)
      throw new SettingsError(
        `${setting}: the source ${source.id} names the program ${unknown}, which is not configured: use one of ${[...programs.keys()].join(', ')}.`,
      );
    sources.set(source.id, source);
  }
  return sources;
}
