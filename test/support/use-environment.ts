/** A shop that opens before the tests of a file and closes after them, and whose ledger adds up after each. */
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { KeyRing } from '../../src/encryption/key-ring.ts';
import type { PaymentEvent, RedemptionRequest, RedemptionView } from '../../src/index.ts';
import { openShop, type Shop, type WorkerKind } from './environment.ts';
import type { Fault, Member, ProgramId } from './sandbox-client.ts';

export const bothPrograms = ['coffee-club', 'travel-miles'] as const;

export interface ShopFloor {
  readonly shop: Shop;
  readonly redeem: (request: RedemptionRequest) => Promise<RedemptionView>;
  readonly capture: (request: RedemptionRequest, event?: Partial<PaymentEvent>) => Promise<void>;
  readonly voidSale: (request: RedemptionRequest, event?: Partial<PaymentEvent>) => Promise<void>;
  readonly status: (request: RedemptionRequest) => Promise<RedemptionView>;
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
  readonly fulfilmentOf: (request: RedemptionRequest) => Promise<string | undefined>;
  /** A run that waits for an operator would wait for ever. */
  readonly abandon: (request: RedemptionRequest) => Promise<void>;
  readonly stopWorker: () => Promise<void>;
  readonly startWorker: (kind?: WorkerKind) => Promise<void>;
}

export function useShop(kind: 'local' | 'time-skipping', keyRing?: KeyRing): ShopFloor {
  let opened: Shop | undefined;
  let stop: () => Promise<void> = async () => undefined;
  const shop = (): Shop => {
    if (opened === undefined) throw new Error('the shop opens before the first test');
    return opened;
  };
  beforeAll(async () => {
    opened = await openShop(kind, new Map(), keyRing);
    stop = await opened.startWorker();
  });
  afterEach(() => shop().sandbox.assertLedgerAddsUp());
  afterAll(async () => {
    await stop();
    await shop().close();
  });

  return {
    get shop() {
      return shop();
    },
    redeem: (request) => shop().client.redeem(request),
    capture: ({ program, redemptionId }, event) =>
      shop().client.capture({ program, redemptionId }, event),
    voidSale: ({ program, redemptionId }, event) =>
      shop().client.void({ program, redemptionId }, event),
    status: ({ program, redemptionId }) => shop().client.status({ program, redemptionId }),
    atProvider: (program, call, fault, more) =>
      shop().sandbox.fault({ service: providerOf(program), call, fault, ...more }),
    atFulfilment: (call, fault, more) =>
      shop().sandbox.fault({ service: 'fulfilment', call, fault, ...more }),
    moved: async (member) =>
      (await shop().sandbox.ledger(member)).movements.map(({ points }) => points),
    fulfilmentOf: async ({ program, redemptionId }) => {
      const { fulfilments } = await shop().sandbox.ledger();
      return fulfilments.find(
        (entry) => entry.program === program && entry.redemptionId === redemptionId,
      )?.state;
    },
    abandon: async (request) => {
      await shop().handle(request).terminate('the test is over');
    },
    stopWorker: () => stop(),
    startWorker: async (kind) => {
      stop = await shop().startWorker(kind);
    },
  };
}

function providerOf(program: ProgramId): Fault['service'] {
  return program === 'coffee-club' ? 'white-label-loyalty' : 'loyalife';
}

/** The call that looks for a movement whose answer was lost. */
export function lookUpOf(program: ProgramId): 'events' | 'history' {
  return program === 'coffee-club' ? 'events' : 'history';
}
