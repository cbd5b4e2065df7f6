/** Prepares a namespace for redemptions. It may be repeated, also by several processes at once. */
import { isGrpcServiceError, type ConnectionLike } from '@temporalio/client';
import { setTimeout as delay } from 'node:timers/promises';
import { RedemptionError } from '../domain/errors.ts';
import { searchAttributes } from '../workflows/search-attributes.ts';

/** The numbers of Temporal's protocol. */
const TYPES = { KEYWORD: 2, DATETIME: 6 } as const;
const ALREADY_EXISTS = 6;

const LOOK_EVERY_MS = 200;

type Services = Pick<ConnectionLike, 'operatorService' | 'workflowService'>;

/**
 * Creates the missing search attributes, and waits until the server knows them: it learns of new ones only with the next
 * refresh of its cache, 2 s by default, and until then it refuses a start that gives them and a task that sets them.
 * @throws RedemptionError `unavailable` if the server does not allow it, or does not know them after `limitMs`
 */
export async function prepareSearchAttributes(
  services: Services,
  namespace: string,
  limitMs: number,
): Promise<void> {
  const until = Date.now() + limitMs;
  try {
    await createSearchAttributes(services, namespace);
  } catch (error) {
    // Somebody who may create them may have done so.
    if (await knowsSearchAttributes(services, namespace)) return;
    throw error;
  }
  while (!(await knowsSearchAttributes(services, namespace))) {
    if (Date.now() > until)
      throw new RedemptionError(
        'unavailable',
        `The search attributes were created in the namespace ${namespace}, and the server does not answer a search by them yet: try again.`,
      );
    await delay(LOOK_EVERY_MS);
  }
}

/** The server refuses a query by an attribute that it does not know. */
async function knowsSearchAttributes(
  { workflowService }: Pick<ConnectionLike, 'workflowService'>,
  namespace: string,
): Promise<boolean> {
  const each = Object.values(searchAttributes).map(({ name }) => `${name} IS NULL`);
  try {
    await workflowService.countWorkflowExecutions({ namespace, query: each.join(' AND ') });
    return true;
  } catch {
    return false;
  }
}

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
