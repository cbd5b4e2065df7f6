/**
 * The key check: a run with an encrypted memo, on which every process of a namespace tries its keys. A process that cannot
 * read it would start redemptions that no worker can read. Nobody serves the run's type, and nobody polls its task queue.
 */
import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type Client,
} from '@temporalio/client';
import { createHmac } from 'node:crypto';
import { UNSERVED_TASK_QUEUE } from '../domain/temporal-names.ts';
import { SettingsError } from '../schemas/settings-error.ts';
import { DecryptionError } from './codec.ts';
import type { KeyRing } from './key-ring.ts';

const KEY_CHECK_ID = 'encryption-keys';

/**
 * Checks, for a client, that its data converter can read what the namespace's workers write. It passes in a namespace that no
 * worker has served yet.
 * @throws SettingsError
 */
export async function checkKeys(temporal: Client): Promise<void> {
  await readKeyCheck(temporal);
}

/**
 * Checks the same for a worker, and that its member hash key is the fleet's. It creates the run if there is none, and again
 * if another key encrypts by now.
 * @throws SettingsError
 */
export async function keepKeyCheck(temporal: Client, keyRing: KeyRing): Promise<void> {
  const mine = {
    encryptsWith: keyRing.first.id,
    memberHash: createHmac('sha256', keyRing.memberHashKey).update(KEY_CHECK_ID).digest('hex'),
  };
  const found = await readKeyCheck(temporal);
  if (found !== undefined && found['memberHash'] !== mine.memberHash)
    throw new SettingsError(
      `The memberHashKey of REDEMPTION_ENCRYPTION_KEYS is not the one that the workers of the namespace ${temporal.options.namespace} have: it must be the same everywhere and always.`,
    );
  if (found?.['encryptsWith'] === mine.encryptsWith) return;
  try {
    await temporal.workflow.start('encryptionKeys', {
      workflowId: KEY_CHECK_ID,
      taskQueue: UNSERVED_TASK_QUEUE,
      workflowIdConflictPolicy: found === undefined ? 'FAIL' : 'TERMINATE_EXISTING',
      memo: mine,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    // Another worker was first, and may have other keys.
    await keepKeyCheck(temporal, keyRing);
  }
}

async function readKeyCheck(temporal: Client): Promise<Record<string, unknown> | undefined> {
  try {
    const { memo, status } = await temporal.workflow.getHandle(KEY_CHECK_ID).describe();
    return status.name === 'RUNNING' ? memo : undefined;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw unreadable(error, temporal) ?? error;
  }
}

function unreadable(error: unknown, { options }: Client): SettingsError | undefined {
  if (!(error instanceof DecryptionError)) return undefined;
  return new SettingsError(
    `REDEMPTION_ENCRYPTION_KEYS does not fit the namespace ${options.namespace}: ${error.message}`,
    { cause: error },
  );
}
