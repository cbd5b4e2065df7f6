/** Prepares a namespace for redemptions. It may be repeated, also by several processes at once. */
import { isGrpcServiceError, type ConnectionLike } from '@temporalio/client';
import { RedemptionError } from '../domain/errors.ts';
import { searchAttributes } from '../workflows/search-attributes.ts';

/** The numbers of Temporal's protocol. */
const TYPES = { KEYWORD: 2, DATETIME: 6 } as const;
const ALREADY_EXISTS = 6;

/** Creates the missing search attributes. @throws RedemptionError `unavailable` if the server does not allow it */
export async function createSearchAttributes(
  { operatorService }: Pick<ConnectionLike, 'operatorService'>,
  namespace: string,
): Promise<void> {
  // They are created one at a time, because a server that knows one of several refuses them all.
  for (const { name, type } of Object.values(searchAttributes)) {
    try {
      await operatorService.addSearchAttributes({
        namespace,
        searchAttributes: { [name]: TYPES[type] },
      });
    } catch (error) {
      if (isGrpcServiceError(error) && Number(error.code) === ALREADY_EXISTS) continue;
      throw new RedemptionError(
        'unavailable',
        `The search attribute ${name} (${type}) could not be created in the namespace ${namespace}: ${(error as Error).message}. Create it as an administrator of Temporal.`,
        { cause: error },
      );
    }
  }
}
