/** `npm start [-- --once]`: the whole on this machine, a sale through each ending, and what happened to the points. */
import { Command, InvalidArgumentError } from 'commander';
import { setTimeout as delay } from 'node:timers/promises';
import { ChildError } from '../local/child.ts';
import { Children } from '../local/children.ts';
import {
  claimDataFolder,
  claimForChild,
  releaseDataFolder,
  removeFolder,
  temporaryFolder,
} from '../local/data-folder.ts';
import { runProcess } from '../process/run.ts';
import { GatewayClient } from './gateway-client.ts';
import { nextSteps, salesTable } from './report.ts';
import { takeSales, type Sale, type Demonstration } from './sales.ts';
import { SandboxControl } from './sandbox-control.ts';
import {
  choosePorts,
  newGatewayKey,
  startServices,
  withOtherTemporalPort,
  type Services,
} from './services.ts';
import { StrangeWorker } from './strange-workers.ts';

/** A worker whose server is away looks for it every ten seconds at the least. */
const STRANGE_WORKERS_LIMIT_MS = 15_000;

const { once, firstPort } = new Command('npm start --')
  .description(
    'Runs Temporal, the sandbox, the worker, the gateway and the codec server here, and takes a sale through each ending.',
  )
  .option(
    '--once',
    'end after the sales, with exit code 0 when every balance is right; keep no data',
  )
  .option(
    '--first-port <port>',
    'listen at this port and those after it instead of the usual ports',
    portFrom,
  )
  .parse()
  .opts<{ once?: true; firstPort?: number }>();

const print = (text: string) => void process.stdout.write(`${text}\n`);
const stopAsked = new Promise<'asked'>((resolve) => {
  const ask = () => resolve('asked');
  // More than once each: a signal to the whole group comes from npm as well.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
  // Nobody is left who reads what we print.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ask);
});

await runProcess(once ? runOnce : runUntilStopped);
// Calls that were cut off by a signal would keep the process until their limits.
process.exit();

async function runUntilStopped(): Promise<void> {
  const folder = await Promise.race([claimDataFolder(print), stopAsked]);
  if (folder === 'asked') return;
  try {
    await withServices({ folder, onStart: claimForChild }, async (services) => {
      const sales = await takeAllSales(services);
      print(`\n${nextSteps(services, sales)}`);
      const { seen } = services.strangeWorkers;
      await Promise.race([seen, delay(STRANGE_WORKERS_LIMIT_MS), stopAsked]);
      // Somebody may want a worker beside ours. One that waited for a server has come by now.
      seen.catch(({ message }: StrangeWorker) =>
        print(`${message}, and npm start did not start it: it takes part in every sale.`),
      );
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
  await withServices({ folder }, async (services) => {
    const sales = await takeAllSales(services);
    if (sales.every((sale) => sale.isRight)) process.exitCode = 0;
  });
  if (process.exitCode === 0) removeFolder(folder);
}

interface Home {
  readonly folder: string;
  /** Told of every process that writes into the folder. */
  readonly onStart?: (pid: number) => void;
}

/** Ends with the work, or when somebody asks; says which process died under it, and moves away from a strange worker. */
async function withServices(
  { folder, onStart }: Home,
  work: (services: Services) => Promise<void>,
): Promise<void> {
  const gatewayKey = newGatewayKey(folder);
  let ports = await choosePorts(firstPort);
  for (;;) {
    const children = new Children(onStart);
    try {
      const done = startServices({ folder, ports, gatewayKey, children, print }).then((services) =>
        workWith(services, work),
      );
      const reason = await Promise.race([done, children.ended, stopAsked]);
      if (reason === 'asked') print('\nStopping …');
      return;
    } catch (error) {
      if (error instanceof ChildError) {
        process.stderr.write(`${error.message}\nIts whole log is in ${folder}.\n`);
        process.exitCode = 1;
        return;
      }
      if (!(error instanceof StrangeWorker)) throw error;
      ports = await withOtherTemporalPort(ports);
      print(
        `${error.message}, and npm start did not start it: taking port ${ports.temporal} instead.`,
      );
    } finally {
      await children.stop();
    }
  }
}

async function workWith(
  services: Services,
  work: (services: Services) => Promise<void>,
): Promise<void> {
  try {
    await work(services);
  } finally {
    await services.strangeWorkers.close();
  }
}

async function takeAllSales({
  gateway,
  sandboxOrigin,
  strangeWorkers,
}: Services): Promise<readonly Sale[]> {
  await strangeWorkers.check();
  print('\nTaking a sale of each program through each ending, over HTTP …');
  const demonstration = {
    run: Date.now().toString(36),
    sandbox: new SandboxControl(sandboxOrigin),
    redemptions: new GatewayClient(gateway),
  };
  const taken = takeSalesOfBothPrograms(demonstration);
  const sales = await Promise.race([taken, strangeWorkers.seen]);
  await strangeWorkers.check();
  print(`\n${salesTable(sales)}\n\n${conclusion(sales)}`);
  return sales;
}

async function takeSalesOfBothPrograms(demonstration: Demonstration): Promise<readonly Sale[]> {
  return [
    ...(await takeSales(demonstration, 'coffee-club', { amount: '20.00', currency: 'GBP' })),
    ...(await takeSales(demonstration, 'travel-miles', { amount: '1000.00', currency: 'INR' })),
  ];
}

function conclusion(sales: readonly Sale[]): string {
  const wrong = sales.filter((sale) => !sale.isRight).length;
  return wrong === 0
    ? 'Every balance is right: what a lost sale took, it gave back.'
    : `${wrong} of ${sales.length} sales went wrong: look at their rows above.`;
}

function portFrom(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_000)
    throw new InvalidArgumentError('It must be a port from 1 to 65000.');
  return port;
}
