/** The measured programs: each provider of the sandbox, without and with a fulfilment service. */
import { coffeeClub, sandboxPaths, travelMiles } from '../src/programs/sandbox.ts';

const kinds = ['none', 'http'] as const;
export type FulfilmentKind = (typeof kinds)[number];

/** Sales that are to wait must not come to their end by themselves. */
const PAYMENT_DEADLINE = '1d';

export function programId(sandboxProgram: string, fulfilment: FulfilmentKind): string {
  return `${sandboxProgram}-${fulfilment}`;
}

/** A programs file; its secrets are those of test/system/chaos/programs.ts. */
export function programsFile(origin: string): object {
  const fulfilments = {
    none: { kind: 'none' },
    http: {
      kind: 'http',
      url: `${origin}${sandboxPaths.fulfilment}`,
      secret: 'env:FULFILMENT_SECRET',
    },
  } as const;
  return {
    programs: kinds.flatMap((kind) => [
      {
        ...coffeeClub,
        id: programId(coffeeClub.id, kind),
        paymentDeadline: PAYMENT_DEADLINE,
        provider: 'white-label-loyalty',
        baseUrl: `${origin}${sandboxPaths.whiteLabelLoyalty}`,
        apiKey: 'env:WLL_API_KEY',
        deduction: { ...coffeeClub.deduction, secret: 'env:WLL_DEDUCTION_SECRET' },
        restoration: { ...coffeeClub.restoration, secret: 'env:WLL_RESTORATION_SECRET' },
        rate: { setting: coffeeClub.rate.setting },
        fulfilment: fulfilments[kind],
      },
      {
        ...travelMiles,
        id: programId(travelMiles.id, kind),
        paymentDeadline: PAYMENT_DEADLINE,
        provider: 'loyalife',
        baseUrl: `${origin}${sandboxPaths.loyalife}`,
        clientSecret: 'env:LOYALIFE_CLIENT_SECRET',
        fulfilment: fulfilments[kind],
      },
    ]),
  };
}
