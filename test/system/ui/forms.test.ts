/** What an operator does in Temporal UI's own forms. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { RedemptionRequest } from '../../../src/index.ts';
import { awaited } from '../../support/awaited.ts';
import type { Member } from '../../support/sandbox-client.ts';
import { serverPath } from '../../support/servers.ts';
import { describeInChromium, keepPicture } from './browser.ts';
import { openHouse, type House } from './stack.ts';

const run = promisify(execFile);
const ACT = { by: 'olivia', why: 'the provider was mended' };
const VOIDED = { status: 'compensated', reason: 'payment-voided', granted: false };

describeInChromium("Temporal UI's forms", () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse();
  });
  afterEach(() => house.shop.sandbox.assertLedgerAddsUp());
  afterAll(() => house.close());

  /** The provider refuses to give back once, so a person decides. */
  async function refused(store = 'S1') {
    const { shop } = house;
    const alice = await shop.sandbox.member('coffee-club', 1_000);
    const request = shop.request(alice, { store });
    await shop.client.redeem(request);
    await shop.sandbox.fault({
      service: 'white-label-loyalty',
      call: 'restore',
      fault: 'refuse',
    });
    await shop.client.void(request);
    return { alice, request };
  }

  const moved = async (member: Member) =>
    (await house.shop.sandbox.ledger(member)).movements.map(({ points }) => points);

  /** Chooses the message by its description, as the form shows it, and sends it. */
  async function send(
    request: RedemptionRequest,
    form: 'Send a Signal' | 'Send an Update',
    { name, description, input }: { name: string; description: string; input: object },
  ): Promise<void> {
    const { page } = house;
    await house.openRun(request);
    await page.getByText(request.member).waitFor();
    await page.getByRole('button', { name: 'More Actions' }).click();
    await page.getByRole('menuitem', { name: form }).click();
    const dialog = page.getByRole('dialog', { name: form }).filter({ visible: true });
    await dialog.getByRole('button', { name: /^Select a/ }).click();
    const option = dialog.getByRole('option', { name: new RegExp(`^${name}`) });
    await option.waitFor();
    await keepPicture(page, `form-${form.split(' ').at(-1)?.toLowerCase()}`);
    expect(await option.innerText()).toContain(description);
    await option.click();
    // In lines, as the form would put it: it moves its button when it does.
    await dialog.getByRole('textbox', { name: 'Data' }).fill(JSON.stringify(input, undefined, 2));
    await dialog.getByRole('button', { name: 'Submit' }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  const countIs = (count: number) =>
    house.page
      .getByRole('heading')
      .filter({ hasText: new RegExp(`^\\s*${count}\\s+Workflows`) })
      .waitFor();

  it('send the signal retry, and the run finishes', async () => {
    const { alice, request } = await refused();
    await house.shop.until(request, 'needs-attention');
    await send(request, 'Send a Signal', {
      name: 'retry',
      description: '{"by": "olivia", "why": "the provider is back"}',
      input: ACT,
    });
    expect(await house.shop.ended(request)).toMatchObject(VOIDED);
    await house.page.getByText('"kind": "compensated"').waitFor();
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('send the update resolve, and the run finishes', async () => {
    const { alice, request } = await refused();
    await house.shop.until(request, 'needs-attention');
    await send(request, 'Send an Update', {
      name: 'resolve',
      description: '{"resolution": "restored", "by": "olivia", "why": "given back by hand"}',
      input: { ...ACT, resolution: 'restored' },
    });
    const { timeline, ...view } = await house.shop.ended(request);
    expect(view).toMatchObject(VOIDED);
    expect(timeline.map(({ what }) => what)).toContain(`olivia: restored (${ACT.why})`);
    expect(await moved(alice)).toEqual([-200]);
  });

  it('show fifty runs that one batch operation mends', async () => {
    const { page, shop } = house;
    const sales = await Promise.all(Array.from({ length: 50 }, () => refused('S-outage')));
    const query = `RedemptionStore = "S-outage" AND RedemptionStatus = "needs-attention" AND ExecutionStatus = "Running"`;
    await awaited('fifty runs in the list', async () => {
      const { count } = await shop.env.client.workflow.count(query);
      return count === sales.length;
    });
    await house.openList(query);
    await countIs(50);
    await keepPicture(page, 'list-before');
    // The list of UI 2.54.1 offers a batch to cancel, to terminate and to reset, and none to signal (temporalio/ui#2150).
    const batch = ['workflow', 'signal', '--query', query, '--name', 'retry', '--yes'];
    const words = ['--input', JSON.stringify(ACT), '--reason', 'mended'];
    const address = ['--address', shop.env.address];
    await run(serverPath('TEMPORAL_CLI_PATH'), [...batch, ...words, ...address]);
    for (const { alice, request } of sales) {
      expect(await shop.ended(request)).toMatchObject(VOIDED);
      expect(await moved(alice)).toEqual([-200, 200]);
    }
    await page.goto(new URL('/namespaces/default/batch-operations', page.url()).href);
    const row = page.getByRole('row').filter({ hasText: 'Signal' });
    await row.getByRole('link').first().click();
    await page.getByText('Completed').first().waitFor();
    await keepPicture(page, 'batch');
    await house.openList(query);
    await countIs(0);
  });
});
