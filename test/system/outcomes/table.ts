/** What is driven to its ending: which call goes wrong, how, and what the payment system says meanwhile. */
import { lookUpOf } from '../../support/environment.ts';
import { bothPrograms } from '../../support/program-variants.ts';
import type { Fault, ProgramId } from '../../support/sandbox-client.ts';

/** What becomes of the payment; its events are sent once the till was answered. */
export const orders = {
  captured: 'captured',
  voided: 'voided',
  capturedVoided: 'captured, voided',
  voidedCaptured: 'voided, captured',
  nothing: 'nothing',
  voidedLater: 'captured; voided after the end',
  capturedLate: 'nothing; captured after the end',
  voidedMeanwhile: 'captured; voided while it is fulfilled',
  refusedFulfilment: 'captured; the fulfilment is refused',
} as const;
export type Order = keyof typeof orders;

type Strike = Pick<Fault, 'fault' | 'delayMs'>;

export interface Row {
  readonly name: string;
  /** The first is the one that the row is about: it must have struck. */
  readonly faults: readonly Omit<Fault, 'service'>[];
  /** The fault lasts until it is cleared. */
  readonly isForEver: boolean;
  readonly deductByMs: number;
}

/** Such a sale spends most of its time waiting. */
export function isWaiting({ isForEver, deductByMs, faults }: Row): boolean {
  const isUnapplied = faults.some(({ fault }) => fault === 'missing-reactor');
  return isForEver || isUnapplied || deductByMs !== USUAL_MS;
}

export interface Section {
  readonly title: string;
  readonly about: string;
  readonly programs: readonly ProgramId[];
  readonly orders: readonly Order[];
  readonly rows: (program: ProgramId) => readonly Row[];
}

export interface Case {
  readonly section: Section;
  readonly row: Row;
  readonly order: Order;
  readonly program: ProgramId;
  /** The program's settings are its own, and so are what its client remembers: the rate, the token. */
  readonly programId: string;
}

const FOR_EVER = 1_000_000;
/** Nothing hangs longer than a call is given to answer, 10 s; this leaves time for a second one. */
const AFTER_A_HANG_MS = 25_000;
const USUAL_MS = 20_000;
/** Where the till waits until then. */
const SHORT_MS = 7_000;

const reads: readonly Strike[] = [
  { fault: 'refuse' },
  { fault: 'slow', delayMs: 300 },
  { fault: 'hang-before-commit' },
  { fault: 'error-before-commit' },
  { fault: 'cut-before-commit' },
  { fault: 'unreadable-after-commit' },
  { fault: 'too-many-requests' },
  { fault: 'unauthorized' },
];
const writes: readonly Strike[] = [
  ...reads,
  { fault: 'hang-after-commit' },
  { fault: 'error-after-commit' },
  { fault: 'cut-after-commit' },
];
const reactorFaults: readonly Strike[] = [
  { fault: 'late-reaction', delayMs: 300 },
  { fault: 'missing-reactor' },
];

const everyOrder: readonly Order[] = [
  'captured',
  'voided',
  'capturedVoided',
  'voidedCaptured',
  'nothing',
  'voidedLater',
  'capturedLate',
];
/** The other orders say nothing more of a call that is made before, or beside, the payment. */
const tellingOrders: readonly Order[] = ['captured', 'voided'];

function once(call: Fault['call'], strikes: readonly Strike[], deductByMs = USUAL_MS): Row[] {
  return strikes.map((strike) => ({
    name: strike.fault,
    faults: [{ call, ...strike }],
    isForEver: false,
    deductByMs: strike.fault.startsWith('hang') ? AFTER_A_HANG_MS : deductByMs,
  }));
}

/** A fault that is only slow, or definite, is the same for ever; a hang would be, at ten seconds for each attempt. */
function forEver(call: Fault['call'], strikes: readonly Strike[], but: readonly string[]): Row[] {
  return strikes
    .filter(({ fault }) => !['slow', ...but].includes(fault) && !fault.startsWith('hang'))
    .map((strike) => ({
      name: `${strike.fault}, for ever`,
      faults: [{ call, ...strike, times: FOR_EVER }],
      isForEver: true,
      deductByMs: SHORT_MS,
    }));
}

/** Something else has gone wrong before, so that the call is made at all. */
function after(before: Omit<Fault, 'service'>, rows: readonly Row[]): Row[] {
  return rows.map((row) => ({ ...row, faults: [...row.faults, before] }));
}

function readRows(call: Fault['call'], definite: readonly string[]): Row[] {
  return [...once(call, reads), ...forEver(call, reads, definite)];
}

function writesOf(program: ProgramId): readonly Strike[] {
  return program === 'coffee-club' ? [...writes, ...reactorFaults] : writes;
}

function deductRows(program: ProgramId): Row[] {
  const strikes = writesOf(program);
  const isSentAgain = ({ fault }: Strike) =>
    fault === 'too-many-requests' || fault === 'unauthorized';
  const late = once('deduct', [{ fault: 'slow', delayMs: 8_000 }], SHORT_MS);
  return [
    ...once('deduct', strikes.filter(appliesInTime)),
    ...once(
      'deduct',
      strikes.filter((strike) => !appliesInTime(strike)),
      SHORT_MS,
    ),
    ...late.map((row) => ({ ...row, name: 'slow, until after *deduct by*' })),
    ...forEver('deduct', strikes.filter(isSentAgain), []),
  ];
}

function appliesInTime({ fault }: Strike): boolean {
  return fault !== 'missing-reactor';
}

function lookUpRows(program: ProgramId, lost: 'cut-before-commit' | 'cut-after-commit'): Row[] {
  return after({ call: 'deduct', fault: lost }, readRows(lookUpOf(program), []));
}

function restoreRows(program: ProgramId): Row[] {
  const strikes = writesOf(program);
  const definite = ['refuse', ...reactorFaults.map(({ fault }) => fault)];
  return [...once('restore', strikes), ...forEver('restore', strikes, definite)];
}

export const sections: readonly Section[] = [
  {
    title: 'balance',
    about: 'The saga asks how many points the member has.',
    programs: bothPrograms,
    orders: tellingOrders,
    rows: () => readRows('balance', ['refuse']),
  },
  {
    title: 'rate',
    about: 'The saga asks what a point is worth, where the provider says so.',
    programs: ['coffee-club'],
    orders: tellingOrders,
    rows: () => readRows('rate', ['refuse']),
  },
  {
    title: 'token',
    about: 'The token that authorises every other call.',
    programs: ['travel-miles'],
    orders: tellingOrders,
    rows: () => readRows('token', []),
  },
  {
    title: 'deduct',
    about: 'The points are taken. If the answer is lost, the deduction is never sent again.',
    programs: bothPrograms,
    orders: everyOrder,
    rows: deductRows,
  },
  {
    title: 'reactions',
    about: 'The adapter asks whether an accepted deduction has moved the points.',
    programs: ['coffee-club'],
    orders: tellingOrders,
    rows: () => readRows('reactions', []),
  },
  {
    title: 'look-up of a deduction that was carried out',
    about:
      'The answer to the deduction was cut off after its commit, and the look-ups fail (`events`, `history`).',
    programs: bothPrograms,
    orders: tellingOrders,
    rows: (program) => lookUpRows(program, 'cut-after-commit'),
  },
  {
    title: 'look-up of a deduction that was not carried out',
    about: 'The answer to the deduction was cut off before its commit, and the look-ups fail.',
    programs: bothPrograms,
    orders: tellingOrders,
    rows: (program) => lookUpRows(program, 'cut-before-commit'),
  },
  {
    title: 'restore',
    about: 'The points are given back.',
    programs: bothPrograms,
    orders: ['voided', 'voidedLater', 'capturedLate'],
    rows: restoreRows,
  },
  {
    title: 'look-up of a restoration',
    about: 'The answer to the restoration was cut off after its commit, and the look-ups fail.',
    programs: bothPrograms,
    orders: ['voided', 'capturedLate'],
    rows: (program) =>
      after({ call: 'restore', fault: 'cut-after-commit' }, readRows(lookUpOf(program), [])),
  },
  {
    title: 'fulfil',
    about: 'The fulfilment service gives what the points bought.',
    programs: bothPrograms,
    orders: ['captured', 'voidedMeanwhile', 'voidedLater'],
    rows: () => once('fulfil', [...writes, { fault: 'pending' }]),
  },
  {
    title: 'cancel',
    about: 'The fulfilment is cancelled, before the points go back.',
    programs: bothPrograms,
    orders: ['voidedMeanwhile', 'refusedFulfilment', 'voidedLater'],
    rows: () => [...once('cancel', writes), ...forEver('cancel', writes, ['refuse'])],
  },
  {
    title: 'payment status',
    about:
      'The payment deadline passes, and the saga asks the payment system, which knows of no payment.',
    programs: bothPrograms,
    orders: ['nothing', 'capturedLate'],
    rows: () => once('status', reads),
  },
];

export const cases: readonly Case[] = sections
  .flatMap((section) =>
    section.programs.flatMap((program) =>
      section
        .rows(program)
        .flatMap((row) => section.orders.map((order) => ({ section, program, row, order }))),
    ),
  )
  .map((known, index) => ({ ...known, programId: `${known.program}-${index}` }));
