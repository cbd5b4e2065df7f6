/**
 * The programs file (`REDEMPTION_PROGRAMS`): its schema, its defaults and its reading. A secret in it is written
 * `"env:NAME"`, so the file itself can be kept in git.
 */
import { Decimal } from 'decimal.js';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { isCurrency } from '../money/money.ts';
import { durationSchema } from '../schemas/duration.ts';
import { SettingsError, describeIssue } from '../schemas/issues.ts';
import { idSchema } from '../schemas/redemption.ts';
import {
  coffeeClub,
  fulfilmentSecret,
  paymentSecret,
  sandboxPaths,
  travelMiles,
} from './sandbox.ts';

const url = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .transform((text) => text.replace(/\/+$/, ''));
const text = z.string().min(1, 'must not be empty').max(1024);
const eventType = z
  .string()
  .max(64)
  .regex(/^[A-Z]+(_[A-Z]+)*$/, 'must be capitals and single underscores, such as REDEEMED_POINTS');
const positiveDecimal = z.string().refine((value) => {
  try {
    return /^\d{1,12}(\.\d{1,12})?$/.test(value) && new Decimal(value).gt(0);
  } catch {
    return false;
  }
}, 'must be a decimal above 0 such as "0.01"');

const service = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('http'), url, secret: text }),
]);

const common = {
  id: idSchema,
  currency: z.string().refine(isCurrency, 'must be an ISO 4217 currency code such as GBP'),
  baseUrl: url,
  payment: service.default({ kind: 'none' }),
  fulfilment: service.default({ kind: 'none' }),
  limits: z
    .strictObject({
      minPoints: z.int().min(1).optional(),
      stepPoints: z.int().min(1).optional(),
      maxPercentOfBasket: z.number().gt(0).max(100).optional(),
    })
    .default({}),
  /** Who is told of what becomes of a sale; signed with `notifySecret` as Standard Webhooks. */
  notifyUrl: url.optional(),
  notifySecret: z
    .string()
    .regex(
      /^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/,
      'must be whsec_ and the base64 of 24 to 64 random bytes',
    )
    .optional(),
  /** From the deduction until the points go back when nothing was captured. */
  paymentDeadline: durationSchema.default(15 * 60_000),
  /** `many`: the cancellation of one payment attempt is only recorded, for another attempt may follow. */
  paymentAttempts: z.enum(['one', 'many']).default('one'),
  /** How long an unknown deduction is looked for before it counts as not found. */
  settlingTime: durationSchema.default(30_000),
  /** When, after a deduction was not found, it is looked for again. */
  lateWatch: z
    .array(durationSchema)
    .min(1)
    .default([60_000, 600_000, 3_600_000, 86_400_000, 604_800_000]),
};

const whiteLabelLoyalty = z.strictObject({
  ...common,
  provider: z.literal('white-label-loyalty'),
  apiKey: text,
  deduction: z.strictObject({ eventType, secret: text }),
  restoration: z.strictObject({ eventType, secret: text }),
  /** RFC 6901 pointer to the points in the wallet's answer, after unwrapping. */
  walletPointer: z
    .string()
    .regex(/^(\/([^~/]|~[01])*)+$/, 'must be a JSON pointer such as /points')
    .default('/points'),
  rate: z.union(
    [
      z.strictObject({
        setting: z.string().regex(/^[a-zA-Z./]{2,64}$/, 'must be the name of a setting'),
      }),
      z.strictObject({ value: positiveDecimal }),
    ],
    { error: 'must be {"setting": NAME} or {"value": "0.01"}' },
  ),
});

const loyalife = z.strictObject({
  ...common,
  provider: z.literal('loyalife'),
  clientId: text,
  clientSecret: text,
  programId: z.int(),
  merchantName: text,
  /** Put a short reference of the redemption inside MerchantName, so that the history can be matched exactly. */
  merchantReference: z.boolean().default(true),
  transactionTypes: z.array(z.int()).min(1).default([4, 5, 6, 19, 30]),
  transactionType: z.int(),
  rate: z.strictObject(
    { value: positiveDecimal },
    { error: 'must be {"value": "0.25"}: Loyalife has no call that returns it' },
  ),
});

const programSchema = z
  .discriminatedUnion('provider', [whiteLabelLoyalty, loyalife], {
    error: 'must be white-label-loyalty or loyalife',
  })
  .refine(
    (program) =>
      program.provider !== 'loyalife' || program.transactionTypes.includes(program.transactionType),
    { path: ['transactionType'], error: 'must be one of transactionTypes' },
  )
  .refine(
    ({ notifyUrl, notifySecret }) => (notifyUrl === undefined) === (notifySecret === undefined),
    { path: ['notifySecret'], error: 'must be given with notifyUrl, and not without it' },
  );

const programsSchema = z.strictObject({
  programs: z.array(programSchema).min(1, 'must name at least one program'),
});

export type Program = z.infer<typeof programSchema>;
export type WhiteLabelLoyaltyProgram = Extract<Program, { provider: 'white-label-loyalty' }>;
export type LoyalifeProgram = Extract<Program, { provider: 'loyalife' }>;
export type ServiceSettings = z.infer<typeof service>;

/** The programs by id, as every process holds them. */
export type Programs = ReadonlyMap<string, Program>;

type Environment = Readonly<Record<string, string | undefined>>;

const SECRET_KEYS = new Set(['apiKey', 'clientSecret', 'secret', 'notifySecret']);

/** Replaces every `"env:NAME"` by the variable's value, and refuses a secret that stands in the file itself. */
function resolveSecrets(value: unknown, path: string, environment: Environment): unknown {
  if (typeof value === 'string') {
    const name = /^env:(.*)$/.exec(value)?.[1];
    if (name !== undefined) {
      const resolved = environment[name];
      if (resolved === undefined || resolved === '')
        throw new SettingsError(
          `${path} is env:${name}, and the variable ${name} is not set: set it.`,
        );
      return resolved;
    }
    if (SECRET_KEYS.has(path.replace(/^.*\./, '')))
      throw new SettingsError(
        `${path} holds a secret in the clear: put it into a variable and write "env:NAME" here.`,
      );
    return value;
  }
  if (Array.isArray(value))
    return value.map((entry, index) => resolveSecrets(entry, `${path}[${index}]`, environment));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [
        key,
        resolveSecrets(entry, path === '' ? key : `${path}.${key}`, environment),
      ]),
    );
  return value;
}

function parsePrograms(content: unknown, source: string): Programs {
  const parsed = programsSchema.safeParse(content, { reportInput: true });
  if (!parsed.success) throw new SettingsError(`${source}: ${describeIssue(parsed.error)}.`);
  const programs = new Map<string, Program>();
  for (const program of parsed.data.programs) {
    if (programs.has(program.id))
      throw new SettingsError(
        `${source}: programs has two entries with the id ${program.id}: give each its own.`,
      );
    programs.set(program.id, program);
  }
  return programs;
}

/** @throws SettingsError in one sentence that names the field and the remedy. */
export function readPrograms(file: string, environment: Environment): Programs {
  const source = `REDEMPTION_PROGRAMS (${file})`;
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw new SettingsError(`${source} ${why}: name a JSON file of programs.`, { cause: error });
  }
  try {
    content = resolveSecrets(content, '', environment);
  } catch (error) {
    if (error instanceof SettingsError) throw new SettingsError(`${source}: ${error.message}`);
    throw error;
  }
  return parsePrograms(content, source);
}

/** Whether it opens with the sandbox's credentials, which are public and open nothing else. */
export function isSandboxProgram(program: Program): boolean {
  return program.provider === 'loyalife'
    ? program.clientSecret === travelMiles.clientSecret
    : program.apiKey === coffeeClub.apiKey;
}

/** The two sandbox programs, served by the sandbox at this origin. */
export function sandboxPrograms(origin: string): Programs {
  const payment = { kind: 'http', url: `${origin}${sandboxPaths.payment}`, secret: paymentSecret };
  const fulfilment = {
    kind: 'http',
    url: `${origin}${sandboxPaths.fulfilment}`,
    secret: fulfilmentSecret,
  };
  return parsePrograms(
    {
      programs: [
        {
          ...coffeeClub,
          provider: 'white-label-loyalty',
          rate: { setting: coffeeClub.rate.setting },
          baseUrl: `${origin}${sandboxPaths.whiteLabelLoyalty}`,
          payment,
          fulfilment,
        },
        {
          ...travelMiles,
          provider: 'loyalife',
          baseUrl: `${origin}${sandboxPaths.loyalife}`,
          payment,
          fulfilment,
        },
      ],
    },
    'the sandbox programs',
  );
}
