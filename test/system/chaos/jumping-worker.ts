/** The worker with a clock that is as far ahead as the file named by CHAOS_CLOCK says, in milliseconds, or behind. */
import { readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 100;

const file = process.env['CHAOS_CLOCK'];
if (file === undefined) throw new Error('CHAOS_CLOCK is not set: chaos starts this');

const RealDate = Date;
const readOffset = () => Number(readFileSync(file, 'utf8'));
let aheadMs = readOffset();
setInterval(() => (aheadMs = readOffset()), LOOK_EVERY_MS).unref();

const now = () => RealDate.now() + aheadMs;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args): object =>
    Reflect.construct(target, args.length === 0 ? [now()] : args) as object,
  get: (target, key): unknown => (key === 'now' ? now : Reflect.get(target, key)),
});

await import('../../../src/worker.ts');
