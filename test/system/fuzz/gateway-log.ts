/** What the gateway's log says of every request that named a sale. */
import { readFileSync } from 'node:fs';
import type { ProblemKind } from '../../../src/gateway/problems.ts';
import type { Store } from './store.ts';

interface Answered {
  readonly msg: string;
  readonly key?: string;
  readonly status: number;
  readonly problem: ProblemKind | null;
  readonly method: string;
  readonly route: string;
  readonly program?: string;
  readonly redemptionId?: string;
}

export type Log = readonly Answered[];

/** The answers that say nothing of a sale: they are the same for one that does not exist. */
const SILENT: readonly (ProblemKind | null)[] = [
  'malformed-request',
  'forbidden',
  'unknown-redemption',
  'too-large',
  'unsupported-media-type',
  'invalid-request',
  'overloaded',
];

export function readLog(file: string): Log {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Answered)
    .filter(({ msg }) => msg === 'answered');
}

function isOf(store: Store, { redemptionId }: Answered): boolean {
  return redemptionId?.startsWith(`${store.name}-`) === true;
}

/** The answers to one store's key about sales of the other one: how many there were, and those that tell something. */
export function aboutOthers(
  log: Log,
  store: Store,
  other: Store,
): { readonly asked: number; readonly told: Log } {
  const asked = log.filter((line) => line.key === store.key.id && isOf(other, line));
  return { asked: asked.length, told: asked.filter(({ problem }) => !SILENT.includes(problem)) };
}

/** Every sale that was granted, as `program/redemptionId`. */
export function grantedTo(log: Log, store: Store): string[] {
  const granted = log.filter(
    (line) =>
      line.method === 'POST' &&
      line.route === '/v1/redemptions' &&
      [200, 201].includes(line.status) &&
      line.key === store.key.id,
  );
  return [...new Set(granted.map((line) => `${line.program}/${line.redemptionId}`))];
}
