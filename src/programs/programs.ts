/** The programs file (`REDEMPTION_PROGRAMS`), and the two sandbox programs that are used without one. */
import { z } from 'zod';
import { byId, checkSettings, readSettingsFile, type Environment } from '../files/settings-file.ts';
import { isForbiddenHost, isInTheClear } from '../http/safe-url.ts';
import { providers, type ProviderSettings } from '../loyalty/index.ts';
import {
  coffeeClub,
  fulfilmentSecret,
  paymentSecret,
  sandboxCredentials,
  sandboxPaths,
  travelMiles,
} from './sandbox.ts';

export type Program = ProviderSettings;

/** The programs by id, as every process holds them. */
export type Programs = ReadonlyMap<string, Program>;

const settings = Object.values(providers).map((provider) => provider.settings);

const programSchema = z
  .discriminatedUnion('provider', settings as [(typeof settings)[number]], {
    error: `must be ${Object.keys(providers).join(' or ')}`,
  })
  .refine(
    ({ notifyUrl, notifySecret }) => (notifyUrl === undefined) === (notifySecret === undefined),
    { path: ['notifySecret'], error: 'must be given with notifyUrl, and not without it' },
  )
  .superRefine((program, context) => {
    for (const [path, url] of urlsOf(program)) {
      const refuse = (message: string) => context.addIssue({ code: 'custom', path, message });
      if (isForbiddenHost(url)) refuse('must not be a link-local or other special address');
      // The sandbox may be on another machine, because its credentials are public.
      else if (isInTheClear(url) && !isSandboxProgram(program))
        refuse(
          'must be https, because http can be read on the way (http is for this machine only)',
        );
    }
  });

function urlsOf({ baseUrl, payment, fulfilment, notifyUrl }: Program): [string[], string][] {
  return [
    [['baseUrl'], baseUrl],
    ...(payment.kind === 'http' ? [[['payment', 'url'], payment.url] as [string[], string]] : []),
    ...(fulfilment.kind === 'http'
      ? [[['fulfilment', 'url'], fulfilment.url] as [string[], string]]
      : []),
    ...(notifyUrl === undefined ? [] : [[['notifyUrl'], notifyUrl] as [string[], string]]),
  ];
}

const programsSchema = z.strictObject({
  programs: z.array(programSchema).min(1, 'must name at least one program'),
});

/** @throws SettingsError in one sentence that names the field and the remedy */
export function readPrograms(file: string, environment: Environment): Programs {
  const source = { setting: 'REDEMPTION_PROGRAMS', file, schema: programsSchema };
  const { programs } = readSettingsFile({
    ...source,
    remedy: 'name a JSON file of programs',
    secretsFrom: environment,
  });
  return byId('programs', programs, source);
}

/** Returns whether the program has the sandbox's credentials, which are public and open nothing else. */
export function isSandboxProgram(program: Program): boolean {
  return Object.values(program).some((value) => sandboxCredentials.includes(value));
}

/** Makes the two sandbox programs, served by the sandbox at this origin. */
export function sandboxPrograms(origin: string): Programs {
  const payment = { kind: 'http', url: `${origin}${sandboxPaths.payment}`, secret: paymentSecret };
  const fulfilment = {
    kind: 'http',
    url: `${origin}${sandboxPaths.fulfilment}`,
    secret: fulfilmentSecret,
  };
  const source = { setting: 'the sandbox programs', file: origin, schema: programsSchema };
  const { programs } = checkSettings(
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
    source,
  );
  return byId('programs', programs, source);
}
