/** The tests by what they cost. Every test file belongs to one of these, by its folder. */
export const projects = {
  /** No server. */
  unit: ['test/*.test.ts', 'test/unit/**/*.test.ts'],
  /** A Temporal server, with a worker, the sandbox and a client in the process of the test. */
  server: ['test/server/**/*.test.ts'],
  /** The product as its users run it: every part a process of its own. */
  processes: ['test/processes/**/*.test.ts'],
  /** Everything at once, for minutes. */
  system: ['test/system/**/*.test.ts'],
};

/** Of `system`: hundreds of sales with deadlines keep two cores busy, and how they end must not depend on what else runs. */
export const alone = 'test/system/outcomes/outcomes.test.ts';
