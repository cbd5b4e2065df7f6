/** A env whose runs are seen in Temporal UI, the codec server beside it, and a browser that is signed in there. */
import { pino } from 'pino';
import type { Browser, Page } from 'playwright-core';
import { createCodecServer } from '../../../src/codec-server/server.ts';
import { sharedToken } from '../../../src/codec-server/tokens.ts';
import { workflowIdOf } from '../../../src/domain/temporal-names.ts';
import { sandboxKeyRing } from '../../../src/encryption/key-ring.ts';
import type { RedemptionRequest } from '../../../src/index.ts';
import { anyFreePort } from '../../../src/local/ports.ts';
import { openTestEnvironment, type TestEnvironment } from '../../support/environment.ts';
import { openBrowser, openPage } from './browser.ts';

const TOKEN = 'the-token-of-the-codec-server-in-this-test';

export interface UiStack {
  readonly env: TestEnvironment;
  readonly browser: Browser;
  /** The operator's, whose browser may decode. */
  readonly page: Page;
  readonly openRun: (request: RedemptionRequest, page?: Page) => Promise<void>;
  readonly openList: (query: string) => Promise<void>;
  readonly stopCodecServer: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function startUiStack(): Promise<UiStack> {
  const browser = await openBrowser();
  const [port, codecPort] = [await anyFreePort(), await anyFreePort()];
  const uiOrigin = `http://127.0.0.1:${port}`;
  const codecOrigin = `http://127.0.0.1:${codecPort}`;
  const log = pino({ level: 'silent' });
  const codecServer = await createCodecServer({
    keyRing: sandboxKeyRing,
    tokens: sharedToken(TOKEN),
    uiOrigin,
    log,
  });
  await codecServer.listen({ host: '127.0.0.1', port: codecPort });
  const env = await openTestEnvironment({ ui: { uiPort: port, codecEndpoint: codecOrigin } });
  const page = await openPage(browser);
  const workflows = `${uiOrigin}/namespaces/default/workflows`;
  await page.goto(workflows);
  await signIn(page, codecOrigin);
  await letDecode(page, workflows, codecOrigin);
  return {
    env,
    browser,
    page,
    openRun: async ({ program, redemptionId }, at = page) => {
      const id = encodeURIComponent(workflowIdOf('redemption', { program, redemptionId }));
      await at.goto(`${workflows}/${id}`);
    },
    openList: async (query) => {
      await page.goto(`${workflows}?${new URLSearchParams({ query }).toString()}`);
    },
    stopCodecServer: () => codecServer.close(),
    async close() {
      await browser.close();
      await env.close();
      await codecServer.close();
    },
  };
}

/** On the codec server's own page. */
async function signIn(page: Page, codecOrigin: string): Promise<void> {
  await page.goto(codecOrigin);
  await page.getByLabel('Token').fill(TOKEN);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('This browser may decode').waitFor();
}

/** In Temporal UI: what is set for all its readers sends no cookies, so a reader sets it for their own browser. */
async function letDecode(page: Page, workflows: string, codecOrigin: string): Promise<void> {
  await page.goto(workflows);
  await page.getByRole('button', { name: 'Codec Server' }).click();
  const dialog = page.getByRole('dialog', { name: 'Codec Server' });
  await dialog.getByText('Use my browser setting and ignore Cluster-level setting.').click();
  await dialog.getByRole('textbox').fill(codecOrigin);
  await dialog.locator('label', { hasText: 'Include cross-origin credentials' }).click();
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await dialog.waitFor({ state: 'hidden' });
}
