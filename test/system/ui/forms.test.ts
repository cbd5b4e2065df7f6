/** What an operator does in Temporal UI's own forms. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { RedemptionRequest } from '../../../src/index.ts';
import { awaited } from '../../support/awaited.ts';
import type { Member } from '../../support/sandbox.ts';
import { serverPath } from '../../support/servers.ts';
import { VOIDED } from '../../support/words.ts';
import { describeInChromium, keepPicture } from './browser.ts';
import { startUiStack, type UiStack } from './stack.ts';

const run = promisify(execFile);
const ACT = { by: 'olivia', why: 'the provider was fixed' };

describeInChromium("Temporal UI's forms", () => {
  let stack: UiStack;
  beforeAll(async () => {
    stack = await startUiStack();
  });
  afterEach(() => stack.env.sandbox.assertLedgerAddsUp());
  afterAll(() => stack.close());

  /** The provider refuses to give back once, so a person decides. */
  async function refused(store = 'S1') {
    const { env } = stack;
    const alice = await env.sandbox.member('coffee-club', 1_000);
    const request = env.request(alice, { store });
    await env.client.redeem(request);
    await env.sandbox.fault({
      service: 'white-label-loyalty',
      call: 'restore',
      fault: 'refuse',
    });
    await env.client.void(request);
    return { alice, request };
  }

  const moved = async (member: Member) =>
    (await stack.env.sandbox.ledger(member)).movements.map(({ points }) => points);

  /** Chooses the message by its description, as the form shows it, and sends it. */
  async function send(
    request: RedemptionRequest,
    form: 'Send a Signal' | 'Send an Update',
    { name, description, input }: { name: string; description: string; input: object },
  ): Promise<void> {
    const { page } = stack;
    await stack.openRun(request);
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
    stack.page
      .getByRole('heading')
      .filter({ hasText: new RegExp(`^\\s*${count}\\s+Workflows`) })
      .waitFor();

  it('send the signal retry, and the run finishes', async () => {
    const { alice, request } = await refused();
    await stack.env.until(request, 'needs-attention');
    await send(request, 'Send a Signal', {
      name: 'retry',
      description: '{"by": "olivia", "why": "the provider is back"}',
      input: ACT,
    });
    expect(await stack.env.ended(request)).toMatchObject(VOIDED);
    await stack.page.getByText('"kind": "compensated"').waitFor();
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('send the update resolve, and the run finishes', async () => {
    const { alice, request } = await refused();
    await stack.env.until(request, 'needs-attention');
    await send(request, 'Send an Update', {
      name: 'resolve',
      description:
        '{"program": "coffee-club", "redemptionId": "S12-T3-000417", "resolution": "restored", "by": "olivia", "why": "given back by hand"}',
      input: {
        ...ACT,
        program: request.program,
        redemptionId: request.redemptionId,
        resolution: 'restored',
      },
    });
    const { timeline, ...view } = await stack.env.ended(request);
    expect(view).toMatchObject(VOIDED);
    expect(timeline.map(({ what }) => what)).toContain(`olivia: restored (${ACT.why})`);
    expect(await moved(alice)).toEqual([-200]);
  });

  it('show fifty runs that one batch operation retries', async () => {
    const { page, env } = stack;
    const sales = await Promise.all(Array.from({ length: 50 }, () => refused('S-outage')));
    const query = `RedemptionStore = "S-outage" AND RedemptionStatus = "needs-attention" AND ExecutionStatus = "Running"`;
    await awaited('fifty runs in the list', async () => {
      const { count } = await env.temporal.workflow.count(query);
      return count === sales.length;
    });
    await stack.openList(query);
    await countIs(50);
    await keepPicture(page, 'list-before');
    // The list of UI 2.54.1 offers a batch to cancel, to terminate and to reset, and none to signal (temporalio/ui#2150).
    const batch = ['workflow', 'signal', '--query', query, '--name', 'retry', '--yes'];
    const words = ['--input', JSON.stringify(ACT), '--reason', 'fixed'];
    const address = ['--address', env.server.address];
    await run(serverPath('TEMPORAL_CLI_PATH'), [...batch, ...words, ...address]);
    for (const { alice, request } of sales) {
      expect(await env.ended(request)).toMatchObject(VOIDED);
      expect(await moved(alice)).toEqual([-200, 200]);
    }
    await page.goto(new URL('/namespaces/default/batch-operations', page.url()).href);
    const row = page.getByRole('row').filter({ hasText: 'Signal' });
    await row.getByRole('link').first().click();
    await page.getByText('Completed').first().waitFor();
    await keepPicture(page, 'batch');
    await stack.openList(query);
    await countIs(0);
  });
});
