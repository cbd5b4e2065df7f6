/** All that a sale needs, in the process of its test: a real Temporal server, the sandbox over HTTP, a worker and a client. */
import { Client, type WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { workflowIdOf } from '../../src/domain/temporal-names.ts';
import { encryptionWith } from '../../src/encryption/data-converter.ts';
import { sandboxKeyRing, type KeyRing } from '../../src/encryption/key-ring.ts';
import {
  RedemptionClient,
  type PaymentEvent,
  type Programs,
  type RedemptionRequest,
  type RedemptionView,
  type SaleId,
  type Status,
} from '../../src/index.ts';
import { currencyOf, providerOf, withVariants } from './program-variants.ts';
import type { Fault, ProgramId } from './sandbox-client.ts';
import { openSandbox, type Member, type Sandbox } from './sandbox.ts';
import { connectToServer, silenceTemporal, startSkippingServer, type TestUi } from './temporal.ts';
import { testWorkers, type WorkerKind } from './test-workers.ts';

/** How long a test waits for anything at all. */
const LIMIT_MS = 30_000;

export interface TestEnvironment {
  readonly server: TestWorkflowEnvironment;
  /** The SDK's client, with the keys of this environment. */
  readonly temporal: Client;
  readonly sandbox: Sandbox;
  readonly programs: Programs;
  readonly client: RedemptionClient;
  /** Another till's, with keys of its own. */
  readonly clientWith: (others: KeyRing) => RedemptionClient;

  /** A redemption of 200 points by this member, unless said otherwise. */
  readonly request: (member: Member, overrides?: Partial<RedemptionRequest>) => RedemptionRequest;
  readonly redeem: (request: RedemptionRequest) => Promise<RedemptionView>;
  readonly capture: (sale: SaleId, event?: Partial<PaymentEvent>) => Promise<void>;
  readonly voidSale: (sale: SaleId, event?: Partial<PaymentEvent>) => Promise<void>;
  readonly status: (sale: SaleId) => Promise<RedemptionView>;
  /** Resolves when the redemption stands there. */
  readonly until: (sale: SaleId, status: Status) => Promise<RedemptionView>;
  readonly ended: (sale: SaleId) => Promise<RedemptionView>;
  readonly handle: (sale: SaleId) => WorkflowHandle;
  /** A run that waits for an operator would wait for ever. */
  readonly abandon: (sale: SaleId) => Promise<void>;

  /** The next call at the program's provider goes wrong. */
  readonly atProvider: (
    program: ProgramId,
    call: Fault['call'],
    fault: Fault['fault'],
    more?: Partial<Fault>,
  ) => Promise<void>;
  readonly atFulfilment: (
    call: 'fulfil' | 'cancel',
    fault: Fault['fault'],
    more?: Partial<Fault>,
  ) => Promise<void>;
  /** The member's movements in their order: negative is taken. */
  readonly moved: (member: Member) => Promise<number[]>;
  readonly fulfilmentOf: (sale: SaleId) => Promise<string | undefined>;

  /** The worker, which runs from the beginning. */
  readonly stopWorker: () => Promise<void>;
  readonly startWorker: (kind?: WorkerKind) => Promise<void>;
  /** Another worker; returns what stops it. */
  readonly startWorkerBeside: (kind?: WorkerKind) => Promise<() => Promise<void>>;
  readonly close: () => Promise<void>;
}

export interface TestEnvironmentOptions {
  /** Time passes at once when a run's end is awaited. */
  readonly skipsTime?: boolean;
  /** Beside the sandbox's own. */
  readonly programs?: Programs;
  /** Everything is encrypted with it. */
  readonly keyRing?: KeyRing;
  readonly ui?: TestUi;
  /** A journal that the sandbox starts with. */
  readonly sandboxData?: string;
}

export async function openTestEnvironment({
  skipsTime = false,
  programs: more = new Map(),
  keyRing = sandboxKeyRing,
  ui,
  sandboxData,
}: TestEnvironmentOptions = {}): Promise<TestEnvironment> {
  silenceTemporal();
  const sandbox = await openSandbox(sandboxData);
  const programs: Programs = new Map([...withVariants(sandbox.programs), ...more]);
  const { server, namespace, close } = await (skipsTime
    ? startSkippingServer(keyRing)
    : connectToServer(keyRing, ui));
  const temporal = server.client;
  const client = new RedemptionClient({ temporal, programs });
  const startWorkerBeside = await testWorkers({ server, namespace, programs, keyRing, skipsTime });
  let stopWorker = await startWorkerBeside();
  const stop = async () => {
    const stopIt = stopWorker;
    stopWorker = () => Promise.resolve();
    await stopIt();
  };
  const handle = (sale: SaleId) => temporal.workflow.getHandle(workflowIdOf('redemption', sale));

  return {
    server,
    temporal,
    sandbox,
    programs,
    client,
    clientWith: (keys) => {
      const { connection } = server;
      const others = new Client({ connection, namespace, dataConverter: encryptionWith(keys) });
      return new RedemptionClient({ temporal: others, programs });
    },
    request: ({ program, memberId }, overrides) => ({
      program,
      redemptionId: `R-${randomUUID().slice(0, 8)}`,
      member: memberId,
      points: 200,
      basket: { amount: '200.00', currency: currencyOf(programs, program) },
      store: 'S1',
      till: 'T1',
      ...overrides,
    }),
    redeem: (request) => client.redeem(request),
    capture: (sale, event) => client.capture(idOf(sale), event),
    voidSale: (sale, event) => client.void(idOf(sale), event),
    status: (sale) => client.status(idOf(sale)),
    async until(sale, status) {
      const limit = Date.now() + LIMIT_MS;
      for (;;) {
        const view = await client.status(idOf(sale)).catch(() => undefined);
        if (view?.status === status) return view;
        if (Date.now() > limit)
          throw new Error(`${sale.redemptionId} is ${view?.status ?? 'unknown'}, not ${status}`);
        await delay(20);
      }
    },
    ended: (sale) => client.wait(idOf(sale), LIMIT_MS),
    handle,
    abandon: async (sale) => {
      await handle(sale).terminate('the test is over');
    },
    atProvider: (program, call, fault, details) =>
      sandbox.fault({ service: providerOf(program), call, fault, ...details }),
    atFulfilment: (call, fault, details) =>
      sandbox.fault({ service: 'fulfilment', call, fault, ...details }),
    moved: async (member) => (await sandbox.ledger(member)).movements.map(({ points }) => points),
    fulfilmentOf: async ({ program, redemptionId }) => {
      const { fulfilments } = await sandbox.ledger();
      return fulfilments.find(
        (entry) => entry.program === program && entry.redemptionId === redemptionId,
      )?.state;
    },
    stopWorker: stop,
    startWorker: async (kind) => {
      stopWorker = await startWorkerBeside(kind);
    },
    startWorkerBeside,
    async close() {
      await stop();
      await close();
      await sandbox.close();
    },
  };
}

/** Of a request, too: the client takes nothing beside these two. */
const idOf = ({ program, redemptionId }: SaleId): SaleId => ({ program, redemptionId });

/** The call that looks for a movement whose answer was lost. */
export function lookUpOf(program: ProgramId): 'events' | 'history' {
  return program === 'coffee-club' ? 'events' : 'history';
}
