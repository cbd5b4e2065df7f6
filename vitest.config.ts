import { defineConfig } from 'vitest/config';

/** They keep two processors busy by themselves, and their sales have deadlines to meet: each has the machine to itself. */
const busy = ['test/outcomes/**', 'test/chaos/**', 'test/tills/**'];

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
          exclude: busy,
          // Each file may hold a server and a worker of its own. Two wait for a deadline as a rule while the third one works.
          maxWorkers: 3,
          globalSetup: 'test/support/compiled.ts',
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'busy',
          include: busy.map((folder) => `${folder}/*.test.ts`),
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
