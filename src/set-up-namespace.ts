/** What a namespace must have before redemptions run in it. Repeatable, and safe when several do it at once. */
import { isGrpcServiceError, type Connection } from '@temporalio/client';
import { RedemptionError } from './errors.ts';
import { searchAttributes } from './workflows/search-attributes.ts';

const KEYWORD = 2;
const ALREADY_EXISTS = 6;

/** Creates those that are missing. @throws RedemptionError `unavailable` when the server does not let us. */
export async function createSearchAttributes(
  { operatorService }: Connection,
  namespace: string,
): Promise<void> {
  // One at a time, for a server that knows one of several refuses them all.
  for (const { name } of Object.values(searchAttributes)) {
    try {
      await operatorService.addSearchAttributes({
        namespace,
        searchAttributes: { [name]: KEYWORD },
      });
    } catch (error) {
      if (isGrpcServiceError(error) && Number(error.code) === ALREADY_EXISTS) continue;
      throw new RedemptionError(
        'unavailable',
        `The search attribute ${name} (Keyword) could not be created in the namespace ${namespace}: ${(error as Error).message}. Create it with the rights of an administrator.`,
        { cause: error },
      );
    }
  }
}
