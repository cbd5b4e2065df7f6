/** What a namespace must have before redemptions run in it. Repeatable, and safe when several do it at once. */
import { isGrpcServiceError, type ConnectionLike } from '@temporalio/client';
import { RedemptionError } from '../domain/errors.ts';
import { searchAttributes } from '../workflows/search-attributes.ts';

/** The numbers of Temporal's protocol. */
const TYPES = { KEYWORD: 2, DATETIME: 6 } as const;
const ALREADY_EXISTS = 6;

/** Creates those that are missing. @throws RedemptionError `unavailable` when the server does not let us. */
export async function createSearchAttributes(
  { operatorService }: Pick<ConnectionLike, 'operatorService'>,
  namespace: string,
): Promise<void> {
  // One at a time, for a server that knows one of several refuses them all.
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
