/** Headless Chromium, as the distribution has it: nothing is downloaded. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { describe } from 'vitest';
import { findChromium } from './chromium.ts';

/** How long a page may take to show what is waited for. */
const LIMIT_MS = 20_000;

/** Where people find the screenshots of the last run. */
const pictures = join(process.env['CI_ARTEFACTS'] ?? '.artefacts', 'ui');

const executable = findChromium();
const isRequired = process.env['CI'] === 'true';

/** Skipped on a machine without Chromium; in CI its lack fails. */
export const describeInChromium =
  executable === undefined && !isRequired ? describe.skip : describe;

export async function openBrowser(): Promise<Browser> {
  if (executable === undefined) throw new Error('There is no chromium on the PATH.');
  return chromium.launch({
    executablePath: executable,
    // The sandbox of Chromium does not work as root, as CI runs. Only our own pages are opened.
    args: ['--no-sandbox', '--disable-gpu'],
  });
}

/** A page of a browser that knows nothing of any other. */
export async function openPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 1200 },
    timezoneId: 'UTC',
  });
  context.setDefaultTimeout(LIMIT_MS);
  return context.newPage();
}

export async function keepPicture(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}
