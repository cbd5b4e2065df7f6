/**
 * The two sandbox programs, as the settings and the sandbox's servers both know them. Nothing here is secret, because the
 * values open nothing but the sandbox.
 */
export const SANDBOX_DEFAULT_PORT = 4010;

export const coffeeClub = {
  id: 'coffee-club',
  currency: 'GBP',
  apiKey: '5f0c9f0e-6c1b-4f0e-9d53-c0ffeec1ab00',
  deduction: { eventType: 'REDEEMED_POINTS', secret: 'sandbox-deduction-secret' },
  restoration: { eventType: 'POINTS_REFUND', secret: 'sandbox-restoration-secret' },
  walletPointer: '/points',
  rate: { setting: 'pointsCurrencyValue', value: '0.01' },
} as const;

export const travelMiles = {
  id: 'travel-miles',
  currency: 'INR',
  clientId: 'sandbox-client',
  clientSecret: 'sandbox-client-secret',
  programId: 19,
  merchantName: 'Amazon',
  transactionTypes: [4, 5, 6, 19, 30],
  transactionType: 30,
  rate: { value: '0.25' },
} as const;

/** The credentials that the sandbox's providers accept. */
export const sandboxCredentials: readonly unknown[] = [coffeeClub.apiKey, travelMiles.clientSecret];

/** The first encrypts the sandbox programs' payloads, and the second makes the hashes of their members. */
export const sandboxEncryptionKey = 'a public key: for the sandbox';
export const sandboxMemberHashKey = 'sandbox-member-hash-key';

/** The secrets of the merchant's own two services, which both programs share. */
export const paymentSecret = 'sandbox-payment-secret';
export const fulfilmentSecret = 'sandbox-fulfilment-secret';

/** The path of each server of the sandbox, below one origin. */
export const sandboxPaths = {
  whiteLabelLoyalty: '/white-label-loyalty/v1',
  loyalife: '/loyalife',
  payment: '/payment-system',
  fulfilment: '/fulfilment-service',
} as const;
