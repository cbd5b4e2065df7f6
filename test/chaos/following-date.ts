/**
 * `Date` as the clock of the server that skips: whatever asks for the time in this process, the sandbox too, lives by that
 * one clock. Timers pass as ever.
 */
const RealDate = Date;

export interface FollowingDate {
  /** Milliseconds since the epoch; never back. */
  moveTo(time: number): void;
  restore(): void;
}

export function followDate(): FollowingDate {
  let aheadMs = 0;
  const now = () => RealDate.now() + aheadMs;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args): object =>
      Reflect.construct(target, args.length === 0 ? [now()] : args) as object,
    get: (target, key): unknown => (key === 'now' ? now : Reflect.get(target, key)),
  });
  return {
    moveTo(time) {
      aheadMs = Math.max(aheadMs, time - RealDate.now());
    },
    restore() {
      globalThis.Date = RealDate;
    },
  };
}
