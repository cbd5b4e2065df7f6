/** Connects to Temporal, by the standard `TEMPORAL_*` variables and TOML profiles. */
import {
  Client,
  Connection,
  isGrpcServiceError,
  ServiceError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { setTimeout as delay } from 'node:timers/promises';
import { RedemptionError } from '../domain/errors.ts';
import { SettingsError } from '../schemas/settings-error.ts';

export interface TemporalSettings {
  readonly address: string;
  readonly namespace: string;
  readonly connection: NonNullable<ReturnType<typeof loadClientConnectConfig>['connectionOptions']>;
}

/** @throws SettingsError when a variable or profile is malformed. */
export function readTemporalSettings(): TemporalSettings {
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig();
    return {
      address: connectionOptions.address ?? 'localhost:7233',
      namespace: namespace ?? 'default',
      connection: connectionOptions,
    };
  } catch (error) {
    throw new SettingsError(
      `The Temporal settings are not valid: ${(error as Error).message}. Check TEMPORAL_ADDRESS, TEMPORAL_PROFILE and the other TEMPORAL_ variables.`,
      { cause: error },
    );
  }
}

/** @throws RedemptionError `unavailable` */
export async function connectToTemporal(
  settings: TemporalSettings,
  dataConverter: DataConverter = {},
): Promise<{ client: Client; connection: Connection }> {
  try {
    const connection = await Connection.connect({ ...settings.connection, connectTimeout: '5s' });
    const { namespace } = settings;
    return { client: new Client({ connection, namespace, dataConverter }), connection };
  } catch (error) {
    throw unreachable(settings.address, error);
  }
}

function unreachable(address: string, cause: unknown): RedemptionError {
  return new RedemptionError(
    'unavailable',
    `Temporal is not reachable at ${address}: start it (npm start includes one), or set its address in TEMPORAL_ADDRESS.`,
    { cause },
  );
}

/** Returns the gRPC status code behind an error of the client, however it was wrapped. */
function grpcCode(error: unknown): number | undefined {
  if (isGrpcServiceError(error)) return error.code;
  if (error instanceof ServiceError || error instanceof WorkflowUpdateRPCTimeoutOrCancelledError)
    return grpcCode(error.cause);
  return undefined;
}

const DEADLINE_EXCEEDED = 4;
const CANCELLED = 1;

/** The deadline passed while the client paused between two calls. */
class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/**
 * Gives the work, and every call to Temporal in it, a point in time by which it is answered. A call's own deadline is not
 * enough, because the SDK pauses between repetitions. @throws an error that {@link isTimeout} tells when the time is over
 */
export async function withinDeadline<T>(
  temporal: Client,
  until: number,
  work: () => Promise<T>,
): Promise<T> {
  const timer = new AbortController();
  const late = delay(Math.max(until - Date.now(), 0), undefined, { signal: timer.signal }).then(
    () => {
      throw new DeadlineError('the deadline has passed');
    },
  );
  // It rejects when it is stopped, too, because the work was done in time.
  late.catch(() => undefined);
  try {
    return await Promise.race([temporal.withDeadline(until, work), late]);
  } finally {
    timer.abort();
  }
}

/** Returns whether the deadline of the call has passed. */
export function isTimeout(error: unknown): boolean {
  if (error instanceof DeadlineError) return true;
  const code = grpcCode(error);
  return code === DEADLINE_EXCEEDED || code === CANCELLED;
}

/** Turns an error of Temporal's client into words that a reader can act on. Returns `undefined` for any other error. */
export function refusedByTemporal(error: unknown): RedemptionError | undefined {
  if (isTimeout(error))
    return new RedemptionError(
      'unavailable',
      'Temporal did not answer in time, so it is not known what was recorded. Try again; that is safe.',
      { cause: error },
    );
  if (!(error instanceof ServiceError) && !isGrpcServiceError(error)) return undefined;
  return new RedemptionError(
    'unavailable',
    `Temporal refused the request: ${reasonOf(error)}. Try again; that is safe.`,
    { cause: error },
  );
}

/** Returns what Temporal itself said, which its client wraps in an error of its own. */
export function reasonOf(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error ? cause.message : message;
}
