/** What `npm start` prints and shows when everything is up, as a first visitor takes it. */
import { execFile } from 'node:child_process';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeInChromium, keepPicture, openBrowser, openPage } from '../ui/browser.ts';
import { newHome, startIn, type Home, type Running } from './home.ts';

const START_LIMIT_MS = 90_000;
const COMMAND_LIMIT_MS = 60_000;
const COLUMNS = 100;

let home: Home;
let running: Running;
beforeAll(async () => {
  home = await newHome();
  running = startIn(home);
  await running.printed('Everything runs');
}, START_LIMIT_MS);
afterAll(async () => {
  process.kill(running.pid, 'SIGTERM');
  await home.leftAfter(10_000);
  home.remove();
});

const nextSteps = () =>
  running.lines.slice(running.lines.findIndex((line) => line.startsWith('What to do next')));

/** What stands behind a label, continued over lines as a shell would read it. */
function step(label: string): string {
  const text = nextSteps().join('\n').replaceAll('\\\n', '');
  const found = text.split('\n').find((line) => line.startsWith(`  ${label} `));
  if (found === undefined) throw new Error(`npm start printed no step ${label}`);
  return found.slice(label.length + 2).trim();
}

function run(command: string, variables: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      'sh',
      ['-c', command],
      {
        cwd: home.folder,
        env: { ...process.env, NO_COLOR: '1', ...variables },
        timeout: COMMAND_LIMIT_MS,
      },
      (error, stdout) => (error === null ? resolve(stdout) : reject(error)),
    );
  });
}

describe('npm start, when everything is up', () => {
  it('says in ten lines at the most what to do next, and everything in a hundred columns', () => {
    expect(nextSteps().length).toBeLessThanOrEqual(10);
    for (const line of running.lines) expect(line.length, line).toBeLessThanOrEqual(COLUMNS);
    expect(running.lines.filter((line) => / right *$/.test(line))).toHaveLength(10);
  });

  it('prints commands that do as they say', async () => {
    const variables = step('first');
    const printed = async (label: string) => run(`${variables}\n${step(label)}`);
    expect(await printed('sell')).toContain('awaiting-payment');
    expect(await printed('pay')).toContain('try-');
    await expect.poll(() => printed('ask'), { timeout: 20_000 }).toContain('completed');
    expect(await printed('repair')).toContain('late-capture');
  }, 120_000);
});

describeInChromium('Temporal UI of npm start, at the first look', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  it('shows a sale in clear to a browser that has never been there', async () => {
    const page = await openPage(browser);
    await page.goto(step('see one'));
    const input = page.getByRole('textbox', { name: 'Input' });
    await input.filter({ hasText: '"member": "member-of-demo-' }).waitFor();
    await keepPicture(page, 'first-look');
    await page.getByRole('tab', { name: 'User Metadata' }).click();
    const frames = page.frameLocator('iframe');
    await frames.first().getByText('500 points at store demo-store, coffee-club').waitFor();
    await frames.last().getByRole('row', { name: 'status compensated' }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    await keepPicture(page, 'first-look-details');
  });
});
