import { setTimeout as delay } from 'node:timers/promises';

const LIMIT_MS = 30_000;

/** Asks again until it is so; what can be awaited itself is not asked about. */
export async function awaited(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const limit = Date.now() + LIMIT_MS;
  while (!(await isSo())) {
    if (Date.now() > limit) throw new Error(`${what} did not come`);
    await delay(50);
  }
}
