import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Worker threads crash the Temporal SDK's native module.
    pool: 'forks',
    // Each file may hold a server and a worker of its own. A third one works while two wait for a deadline; with more, none is met.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
