/** The two sandbox programs as a programs file, with every time short. */
import {
  coffeeClub,
  fulfilmentSecret,
  paymentSecret,
  sandboxPaths,
  travelMiles,
} from '../../../src/programs/sandbox.ts';

export const secrets = {
  WLL_API_KEY: coffeeClub.apiKey,
  WLL_DEDUCTION_SECRET: coffeeClub.deduction.secret,
  WLL_RESTORATION_SECRET: coffeeClub.restoration.secret,
  LOYALIFE_CLIENT_SECRET: travelMiles.clientSecret,
  PAYMENT_SECRET: paymentSecret,
  FULFILMENT_SECRET: fulfilmentSecret,
} as const;

export function programsFile(origin: string): object {
  const common = {
    paymentDeadline: '3s',
    settlingTime: '2s',
    lateWatch: ['1s', '3s', '8s'],
    payment: {
      kind: 'http',
      url: `${origin}${sandboxPaths.payment}`,
      secret: 'env:PAYMENT_SECRET',
    },
    fulfilment: {
      kind: 'http',
      url: `${origin}${sandboxPaths.fulfilment}`,
      secret: 'env:FULFILMENT_SECRET',
    },
  };
  return {
    programs: [
      {
        ...coffeeClub,
        ...common,
        provider: 'white-label-loyalty',
        baseUrl: `${origin}${sandboxPaths.whiteLabelLoyalty}`,
        apiKey: 'env:WLL_API_KEY',
        deduction: { ...coffeeClub.deduction, secret: 'env:WLL_DEDUCTION_SECRET' },
        restoration: { ...coffeeClub.restoration, secret: 'env:WLL_RESTORATION_SECRET' },
        rate: { setting: coffeeClub.rate.setting },
      },
      {
        ...travelMiles,
        ...common,
        provider: 'loyalife',
        baseUrl: `${origin}${sandboxPaths.loyalife}`,
        clientSecret: 'env:LOYALIFE_CLIENT_SECRET',
      },
    ],
  };
}
