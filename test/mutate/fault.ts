/** One line of the product that carries a promise, broken on purpose. */
export interface Fault {
  /** The rule that is broken, in words. */
  readonly rule: string;
  readonly file: string;
  /** What stands in the file, exactly once. */
  readonly find: string;
  readonly replace: string;
  /** The test that must fail. */
  readonly test: string;
  /** A part of the names of the tests that must fail, as a pattern: the others are not run. */
  readonly name?: string;
}
