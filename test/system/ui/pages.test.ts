/** What an operator reads in Temporal UI, and what nobody reads there without the codec server. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { RedemptionRequest } from '../../../src/index.ts';
import { describeInChromium, keepPicture, openPage } from './browser.ts';
import { keep, kept } from './sales.ts';
import { startUiStack, type UiStack } from './stack.ts';

describeInChromium('the page of a run in Temporal UI', () => {
  let stack: UiStack;
  let isLeftOpen: RedemptionRequest | undefined;
  beforeAll(async () => {
    stack = await startUiStack();
  });
  afterEach(async () => {
    if (isLeftOpen !== undefined) await stack.env.handle(isLeftOpen).terminate('the test is over');
    isLeftOpen = undefined;
    await stack.env.sandbox.assertLedgerAddsUp();
  });
  afterAll(() => stack.close());

  it.each(kept)('shows a sale that is $status', async (sale) => {
    const { page, env } = stack;
    const request = await keep(env, sale);
    if (!isClosed(sale.status)) isLeftOpen = request;
    await stack.openRun(request);
    const input = page.getByRole('textbox', { name: 'Input' });
    await input.filter({ hasText: `"member": "${request.member}"` }).waitFor();
    await keepPicture(page, sale.status);

    await page.getByRole('tab', { name: 'User Metadata' }).click();
    const frames = page.frameLocator('iframe');
    const points = request.points ?? 0;
    await frames.first().getByText(`${points} points at store S12, coffee-club`).waitFor();
    const details = frames.last();
    await details.getByRole('row', { name: `status ${sale.status}` }).waitFor();
    await keepPicture(page, `${sale.status}-details`);
    await details.getByRole('row', { name: `points ${points}` }).waitFor();
    await details.getByRole('row', { name: `sale ${request.redemptionId}` }).waitFor();
    if (sale.status === 'needs-attention') {
      await details.getByRole('heading', { name: 'Next step' }).waitFor();
      await details.getByText('or give them back at the provider by hand').waitFor();
      const commands = await details.locator('pre').innerText();
      const sale = `--program coffee-club --id ${request.redemptionId}`;
      const retry = `npm run starter -- retry ${sale} --by NAME --why REASON`;
      expect(commands.replaceAll(/ \\\s+/g, ' ')).toContain(`${retry}\n`);
    }
    if (sale.status === 'compensating') {
      await page.getByRole('tab', { name: 'Pending Activities' }).click();
      await page.getByText('"message": "event: HTTP 429"').waitFor();
      await keepPicture(page, `${sale.status}-pending`);
    }
  });

  it('shows nothing of a sale to whom the codec server does not know, and to nobody when it is off', async () => {
    const { page, env } = stack;
    const request = await keep(env, heldForAPerson());
    isLeftOpen = request;
    await stack.openRun(request);
    await page.getByText(request.member).first().waitFor();
    const stranger = await openPage(stack.browser);
    await seesNothing(stranger, request);
    await stack.stopCodecServer();
    await seesNothing(page, request);
    await keepPicture(page, 'codec-server-off');
  });

  /** On every page of the run; what it is found by can be read. */
  async function seesNothing(page: Page, request: RedemptionRequest): Promise<void> {
    await stack.openRun(request, page);
    await page.getByRole('alert').getByText('Codec Server could not connect').waitFor();
    const input = page.getByRole('textbox', { name: 'Input' });
    await input.filter({ hasText: /^"[A-Za-z0-9+/]{200,}={0,2}"$/ }).waitFor();
    for (const tab of [
      'Timeline',
      'Event History',
      'User Metadata',
      'Pending Activities',
      'Memo',
    ]) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('tab', { name: tab, selected: true }).waitFor();
      const texts = page.frames().map((frame) => frame.locator('body').innerText());
      const read = (await Promise.all(texts)).join('\n');
      expect(read).toContain(request.redemptionId);
      for (const hidden of [request.member, '500 points', '5.00', 'What happened', '"points"'])
        expect(read).not.toContain(hidden);
    }
    await page.getByRole('tab', { name: 'Search Attributes' }).click();
    await page.getByText('"restoration-refused"').waitFor();
  }
});

function isClosed(status: string): boolean {
  return ['completed', 'declined', 'compensated'].includes(status);
}

function heldForAPerson() {
  const sale = kept.find(({ status }) => status === 'needs-attention');
  if (sale === undefined) throw new Error('no sale needs attention');
  return sale;
}
