/** Loyalife's envelope and codes. An answer with HTTP 200 can be a refusal. */
import type { MemberState } from './ledger.ts';
import type { Answer } from './service.ts';

export const codes = {
  memberUnknown: '103',
  pointsNotAboveZero: '120',
  merchantNameMissing: '208',
  insufficientPoints: '302',
  badRequest: '999',
} as const;

/** A member in any of these states is refused with its code. */
export const stateCodes: Readonly<Record<MemberState, string | undefined>> = {
  active: undefined,
  inactive: '107',
  cancelled: '113',
  suspended: '114',
};

const meanings: Readonly<Record<string, string>> = {
  '103': 'Member does not exist',
  '107': 'Member is not active',
  '113': 'Member is cancelled',
  '114': 'Member is suspended',
  '120': 'Points must be above zero',
  '208': 'Merchant name is missing',
  '301': 'Failed to redeem',
  '302': 'Insufficient points',
  '997': 'Unexpected server-side error',
  '999': 'Bad request',
};

export function success(
  returnObject: unknown,
  more: Readonly<Record<string, unknown>> = {},
): Answer {
  const results = { IsSucessful: true, ErrorCode: '000', ExceptionMessage: 'Success' };
  return { status: 200, body: { results: { ...results, ReturnObject: returnObject, ...more } } };
}

export function failure(code: string, message = meanings[code] ?? 'Request failed'): Answer {
  const results = { IsSucessful: false, ErrorCode: code, ExceptionMessage: message };
  return { status: 200, body: { results: { ...results, ReturnObject: null, Count: 0 } } };
}
