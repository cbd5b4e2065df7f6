import { defineConfig } from 'vitest/config';

/** Hundreds of sales with deadlines, which keep two processors busy: how they end must not depend on what else runs. */
const outcomes = 'test/outcomes/*.test.ts';

export default defineConfig({
  test: {
    // Worker threads crash the Temporal SDK's native module.
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'usual',
          include: ['test/**/*.test.ts'],
          exclude: [outcomes],
          // Each file may hold a server and a worker of its own. Two wait for a deadline as a rule while the third one works.
          maxWorkers: 3,
          globalSetup: 'test/support/compiled.ts',
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'outcomes',
          include: [outcomes],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
