/** For StrykerJS, which runs the unit tests of the code that it changes, and brings a pool and reporters of its own. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'test/unit/{domain,money,http,loyalty,gateway,attacks,payment,fulfilment}/**/*.test.ts',
      // It shows every reason to wait for an operator, with its commands.
      'test/unit/workflows/details.test.ts',
    ],
    exclude: [
      'test/unit/attacks/{codec-server,settings-and-keys,forged-deliveries}.test.ts',
      'test/unit/gateway/openapi.test.ts',
    ],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
