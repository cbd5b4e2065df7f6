/** What is measured beside what. */
import { coffeeClub, travelMiles } from '../src/programs/sandbox.ts';
import { programId, type FulfilmentKind } from './programs.ts';
import { emptySeller, ourSeller, plainSeller, type Seller } from './sellers.ts';
import type { BenchStack, WorkerKind } from './stack.ts';

export interface Row {
  readonly name: string;
  readonly worker: WorkerKind;
  /** The row of the plain saga that has the same provider. */
  readonly plain?: string;
  readonly sell: Seller;
  /** Its worker's memory and start, too, which take long to measure and hardly depend on the rest. */
  readonly measuresWorker: boolean;
}

export const EMPTY = 'empty workflow';

const providers = [
  { name: 'White Label Loyalty', program: coffeeClub.id },
  { name: 'Loyalife', program: travelMiles.id },
] as const;
const encryptions = ['encrypted', 'clear'] as const;
const fulfilments: readonly FulfilmentKind[] = ['none', 'http'];

const plainNameOf = (provider: string) => `plain saga, ${provider}`;

export function rowsOf(stack: BenchStack): Row[] {
  const ours = providers.flatMap(({ name, program }) =>
    fulfilments.flatMap((fulfilment) =>
      encryptions.map((worker): Row => ({
        name: `${name}, ${fulfilment}, ${worker}`,
        worker,
        plain: plainNameOf(name),
        sell: ourSeller(stack, worker, programId(program, fulfilment)),
        measuresWorker:
          program === travelMiles.id && fulfilment === 'none' && worker === 'encrypted',
      })),
    ),
  );
  const plain = providers.map(({ name, program }): Row => ({
    name: plainNameOf(name),
    worker: 'plain',
    sell: plainSeller(stack, programId(program, 'http')),
    measuresWorker: program === travelMiles.id,
  }));
  const empty: Row = {
    name: EMPTY,
    worker: 'plain',
    sell: emptySeller(stack),
    measuresWorker: true,
  };
  return [...ours, ...plain, empty];
}
