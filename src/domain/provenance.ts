/**
 * How a message came to its run, an order to its activity, or an answer back. The worker's codec wraps everything that was not
 * encrypted for this very run, so that it can be refused; what was encrypted for the run arrives as it is.
 */

/**
 * - `sealed`: encrypted with our keys for this run.
 * - `unbound`: encrypted with our keys before payloads were bound. Nobody makes such ones any more.
 * - `by-hand`: encrypted by the codec server for a person who has a token, for no run in particular.
 * - `clear`: not encrypted. Whoever reaches Temporal can have sent it.
 * - `foreign`: encrypted for another run, and so copied from there.
 */
export type Provenance = 'sealed' | 'unbound' | 'by-hand' | 'clear' | 'foreign';

const MARK = 'points-redemption:provenance';

export interface Received {
  readonly provenance: Provenance;
  /** `undefined` where it is foreign. */
  readonly content: unknown;
}

/** For the codec. Nothing that is sealed can carry the mark, because whoever seals has the keys. */
export function marked(provenance: Exclude<Provenance, 'sealed'>, content: unknown): object {
  return { [MARK]: provenance, content };
}

/** For the run that receives it. */
export function received(input: unknown): Received {
  if (typeof input !== 'object' || input === null || !(MARK in input))
    return { provenance: 'sealed', content: input };
  const { [MARK]: provenance, content } = input as { [MARK]: Provenance; content?: unknown };
  return { provenance, content };
}

/** Whether one of our processes encrypted it, and not for another run. */
export function isOurs({ provenance }: Received): boolean {
  return provenance === 'sealed' || provenance === 'unbound';
}
