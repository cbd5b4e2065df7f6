/** `npm start [-- --once]`: the whole on this machine, a sale through each ending, and what happened to the points. */
import { Command } from 'commander';
import { ChildError } from '../local/child.ts';
import {
  claimDataFolder,
  releaseDataFolder,
  removeFolder,
  temporaryFolder,
} from '../local/data-folder.ts';
import { runProcess } from '../process/run.ts';
import { GatewayClient } from './gateway-client.ts';
import { curlLines, hints, howToDecode, runLinks, salesTable } from './report.ts';
import { takeSales, type Sale } from './sales.ts';
import { SandboxControl } from './sandbox-control.ts';
import { startServices, type Services } from './services.ts';

const { once } = new Command('npm start --')
  .description(
    'Runs Temporal, the sandbox, the worker, the gateway and the codec server here, and takes a sale through each ending.',
  )
  .option(
    '--once',
    'end after the sales, with exit code 0 when every balance is right; keep no data',
  )
  .parse()
  .opts<{ once?: true }>();

const print = (text: string) => void process.stdout.write(`${text}\n`);
const stopAsked = new Promise<'asked'>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => resolve('asked'));
});

await runProcess(once ? runOnce : runUntilStopped);
// Calls that were cut off by a signal would keep the process until their limits.
process.exit();

async function runUntilStopped(): Promise<void> {
  const folder = claimDataFolder();
  try {
    await withServices(folder, async (services) => {
      await takeAllSales(services);
      print(`\n${curlLines(services.gateway.origin, services.sandboxOrigin)}`);
      print(`\n${hints(services.commandPrefix)}\n\nEverything runs until Control-C.`);
      await stopAsked;
    });
  } finally {
    releaseDataFolder();
  }
}

async function runOnce(): Promise<void> {
  const folder = temporaryFolder();
  // Until the sales have shown that all is well.
  process.exitCode = 1;
  await withServices(folder, async (services) => {
    const sales = await takeAllSales(services);
    if (sales.every((sale) => sale.isRight)) process.exitCode = 0;
  });
  if (process.exitCode === 0) removeFolder(folder);
}

/** Ends with the work, or when somebody asks; @throws ChildError's message when a process dies under it. */
async function withServices(
  folder: string,
  work: (services: Services) => Promise<void>,
): Promise<void> {
  try {
    const services = await startServices(folder, print);
    try {
      const reason = await Promise.race([work(services), services.ended, stopAsked]);
      if (reason === 'asked') print('\nStopping …');
    } finally {
      await services.stop();
    }
  } catch (error) {
    if (!(error instanceof ChildError)) throw error;
    process.stderr.write(`${error.message}\nIts whole log is in ${folder}.\n`);
    process.exitCode = 1;
  }
}

async function takeAllSales({
  gateway,
  sandboxOrigin,
  uiUrl,
  codecOrigin,
}: Services): Promise<Sale[]> {
  print('\nTaking a sale of each program through each ending, over HTTP …');
  const shop = {
    run: Date.now().toString(36),
    sandbox: new SandboxControl(sandboxOrigin),
    redemptions: new GatewayClient(gateway),
  };
  const sales = [
    ...(await takeSales(shop, 'coffee-club', { amount: '20.00', currency: 'GBP' })),
    ...(await takeSales(shop, 'travel-miles', { amount: '1000.00', currency: 'INR' })),
  ];
  print(`\n${salesTable(sales)}\n${conclusion(sales)}`);
  print(`\nEach sale is a run in Temporal UI:\n${runLinks(sales, uiUrl)}`);
  print(`\n${howToDecode(codecOrigin)}`);
  return sales;
}

function conclusion(sales: readonly Sale[]): string {
  const wrong = sales.filter((sale) => !sale.isRight).length;
  return wrong === 0
    ? 'Every balance is right: what a lost sale took, it gave back.'
    : `${wrong} of ${sales.length} sales went wrong: look at their rows above.`;
}
