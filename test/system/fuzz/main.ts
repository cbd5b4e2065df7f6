/**
 * `npm run fuzz`: Schemathesis over the gateway's own OpenAPI, with every check, by the keys of two stores at once; then whether
 * one of them learned of the other's sales, and whether the ledger adds up. Exit code 0 when nothing was found.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeAccessKeys } from '../../../src/gateway/access-key-file.ts';
import { runProcess } from '../../../src/process/run.ts';
import type { Ledger } from '../../support/sandbox-client.ts';
import { startStack } from '../../support/stack.ts';
import { aboutOthers, grantedTo, readLog, type Log } from './gateway-log.ts';
import { casesIn, schemathesis } from './schemathesis.ts';
import {
  askForSaleOf,
  knownSaleOf,
  newStore,
  sellKnown,
  tellKnown,
  voidSale,
  type Store,
} from './store.ts';

const LEAST_CASES = 2_000;
/** Of each store: below these there was nothing to be found. */
const LEAST_ASKED = 50;
const LEAST_GRANTED = 2;
/** For each store. With both, it takes no longer than 200 for one key. */
const EXAMPLES_FOR_EACH_OPERATION = 60;
/** The sandbox's member in the document's examples. */
const MEMBER = 'member-1';
const GIVEN_BACK_LIMIT_MS = 30_000;

await runProcess(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'points-redemption-fuzz-'));
  const logFile = join(folder, 'gateway.log');
  const keys = join(folder, 'keys.json');
  const pair = [newStore('S1'), newStore('S2')] as const;
  const [one, two] = pair;
  const both = [
    [one, two],
    [two, one],
  ] as const;
  writeAccessKeys(
    keys,
    pair.map(({ key }) => key),
  );

  const stack = await startStack();
  const worker = await stack.startWorker();
  const before = await stack.sandbox.ledger();
  const gateway = await stack.startGateway({ GATEWAY_ACCESS_KEYS: keys }, logFile);
  const { origin } = gateway;
  for (const store of pair) await sellKnown(origin, store, MEMBER);
  const tellBoth = () => Promise.all(pair.map((store) => tellKnown(origin, store)));
  const known = await tellBoth();

  let isOver = false;
  const asking = both.map(([store, other]) =>
    askForSaleOf(other, { origin, store, isOver: () => isOver }),
  );
  const runs = await Promise.all(
    both.map(([store, other]) =>
      schemathesis({
        origin,
        key: store.secret,
        folder: join(folder, store.name),
        examples: EXAMPLES_FOR_EACH_OPERATION,
        words: wordsFor(store, other),
      }),
    ),
  );
  isOver = true;
  const askedFor = await Promise.all(asking);
  const unchanged = await tellBoth();

  const log = readLog(logFile);
  const notVoided: string[] = [];
  for (const store of pair)
    for (const sale of grantedTo(log, store))
      notVoided.push(...(await voidSale(origin, store, sale)));
  const wrongInLedger = await compareLedgers(before, () => stack.sandbox.ledger());
  await gateway.child.stop();
  await worker.stop();
  await stack.stop();

  for (const { output } of runs) process.stdout.write(output);
  const cases = runs.reduce((sum, run) => sum + casesIn(run), 0);
  const faults = [
    ...(runs.every(({ code }) => code === 0) ? [] : ['Schemathesis found failures']),
    ...(cases < LEAST_CASES ? [`fewer than ${LEAST_CASES} cases were made`] : []),
    ...(readFileSync(logFile, 'utf8').includes(MEMBER) ? [`the gateway's log names a member`] : []),
    ...askedFor.flat(),
    ...pair.flatMap((store, index) =>
      known[index] === unchanged[index] ? [] : [`${knownSaleOf(store)} was changed`],
    ),
    ...both.flatMap(([store, other]) => lookInto(log, store, other)),
    ...notVoided,
    ...wrongInLedger,
  ];
  process.stdout.write(`fuzz: ${faults.length === 0 ? 'all is well' : faults.join('\n')}\n`);
  if (faults.length === 0) rmSync(folder, { recursive: true });
  else process.stdout.write(`The gateway's log is ${logFile}\n`);
  process.exitCode = faults.length === 0 ? 0 : 1;
});

/** Prints how much there was to be found, too. */
function lookInto(log: Log, store: Store, other: Store): string[] {
  const { asked, told } = aboutOthers(log, store, other);
  const granted = grantedTo(log, store).length;
  process.stdout.write(
    `${store.name}: ${granted} sales granted, ${asked} requests for sales of ${other.name}\n`,
  );
  return [
    ...told.map((line) => `an answer tells of another store's sale: ${JSON.stringify(line)}`),
    ...(asked < LEAST_ASKED ? [`${store.name} asked too little of ${other.name}`] : []),
    ...(granted < LEAST_GRANTED ? [`${store.name} was granted too few sales`] : []),
  ];
}

/** So few ids that each store often names its own sales again, and those of the other one. */
function wordsFor(store: Store, other: Store) {
  const ids = ({ name }: Store) => Array.from({ length: 10 }, (_, number) => `${name}-${number}`);
  const programs = ['coffee-club', 'travel-miles'];
  const currencies = ['GBP', 'INR'];
  return {
    'path.program': programs,
    'path.redemptionId': [...ids(store), ...ids(other), knownSaleOf(other)],
    'body.program': programs,
    'body.redemptionId': [...ids(store), knownSaleOf(other)],
    'body.store': [store.name, store.name, store.name, other.name],
    'body.member': [MEMBER],
    'body.points': [100, 250],
    'body.amount.amount': ['1.00'],
    'body.amount.currency': currencies,
    'body.basket.amount': ['1000.00'],
    'body.basket.currency': currencies,
  };
}

/** Every sale was voided, so that every member has all points again. */
async function compareLedgers(before: Ledger, look: () => Promise<Ledger>): Promise<string[]> {
  const until = Date.now() + GIVEN_BACK_LIMIT_MS;
  for (;;) {
    const { members, violations } = await look();
    const faults = [
      ...before.members.flatMap(({ program, memberId, points }) => {
        const now = members.find((each) => each.program === program && each.memberId === memberId);
        return now?.points === points && now.lowest >= 0
          ? []
          : [`${memberId} of ${program} has ${now?.points} points, and had ${points}`];
      }),
      ...violations.map(({ service, why }) => `${service} was called against its contract: ${why}`),
    ];
    if (faults.length === 0 || Date.now() > until) return faults;
    await delay(200);
  }
}
