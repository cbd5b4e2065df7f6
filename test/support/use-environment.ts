/** An environment that opens before the tests of a file and closes after them, and whose ledger adds up after each. */
import { afterAll, afterEach, beforeAll } from 'vitest';
import {
  openTestEnvironment,
  type TestEnvironment,
  type TestEnvironmentOptions,
} from './environment.ts';

/** Its functions may be taken out of it at once; what it holds is there from the first `beforeAll` of the file on. */
export function useTestEnvironment(options?: TestEnvironmentOptions): TestEnvironment {
  let opened: TestEnvironment | undefined;
  const env = (): TestEnvironment => {
    if (opened === undefined) throw new Error('the environment opens before the first test');
    return opened;
  };
  beforeAll(async () => {
    opened = await openTestEnvironment(options);
  });
  afterEach(() => env().sandbox.assertLedgerAddsUp());
  afterAll(() => opened?.close());

  return {
    get server() {
      return env().server;
    },
    get temporal() {
      return env().temporal;
    },
    get sandbox() {
      return env().sandbox;
    },
    get programs() {
      return env().programs;
    },
    get client() {
      return env().client;
    },
    clientWith: (keys) => env().clientWith(keys),
    request: (member, overrides) => env().request(member, overrides),
    redeem: (request) => env().redeem(request),
    capture: (sale, event) => env().capture(sale, event),
    voidSale: (sale, event) => env().voidSale(sale, event),
    status: (sale) => env().status(sale),
    until: (sale, status) => env().until(sale, status),
    ended: (sale) => env().ended(sale),
    handle: (sale) => env().handle(sale),
    abandon: (sale) => env().abandon(sale),
    atProvider: (program, call, fault, more) => env().atProvider(program, call, fault, more),
    atFulfilment: (call, fault, more) => env().atFulfilment(call, fault, more),
    moved: (member) => env().moved(member),
    fulfilmentOf: (sale) => env().fulfilmentOf(sale),
    stopWorker: () => env().stopWorker(),
    startWorker: (kind) => env().startWorker(kind),
    startWorkerBeside: (kind) => env().startWorkerBeside(kind),
    close: () => env().close(),
  };
}
