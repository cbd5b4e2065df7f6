import { defineConfig } from 'vitest/config';
import { alone, projects } from './test/projects.ts';
import { LogReporter } from './test/support/vitest/log-reporter.ts';
import { quietForks } from './test/support/vitest/quiet-forks.ts';

/** Two files wait for a deadline as a rule while the third one works: more than two cores can do, and no more. */
const USUAL = { maxWorkers: 3, sequence: { groupOrder: 0 } };
/** Each has a busy stack of its own. */
const BUSY = { maxWorkers: 2, sequence: { groupOrder: 1 } };
const ALONE = { maxWorkers: 1, sequence: { groupOrder: 2 } };

/** Where CI wants every result to be counted. */
const report = process.env['TEST_REPORT'];
const json = (outputFile: string): ['json', { outputFile: string }] => ['json', { outputFile }];

export default defineConfig({
  test: {
    // Worker threads crash the Temporal SDK's native module, so these are processes.
    pool: quietForks,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', new LogReporter(), ...(report === undefined ? [] : [json(report)])],
    // A file's line tells enough of its tests that passed.
    slowTestThreshold: 30_000,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: projects.unit, ...USUAL },
      },
      {
        extends: true,
        test: {
          name: 'server',
          include: projects.server,
          globalSetup: 'test/support/vitest/temporal-server.ts',
          ...USUAL,
        },
      },
      {
        extends: true,
        test: {
          name: 'processes',
          include: projects.processes,
          globalSetup: 'test/support/compiled.ts',
          ...USUAL,
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: projects.system,
          exclude: [alone],
          globalSetup: 'test/system/ui/chromium.ts',
          ...BUSY,
        },
      },
      {
        extends: true,
        test: { name: 'system (alone)', include: [alone], ...ALONE },
      },
    ],
  },
});
