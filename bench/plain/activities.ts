/** The plain saga's activities: the calls that ours makes, through the same adapters, and nothing around them. */
import type { ProgramServices } from '../../src/activities/dependencies.ts';

export interface PlainSale {
  readonly program: string;
  readonly redemptionId: string;
  readonly member: string;
  readonly points: number;
  readonly discount: { readonly amount: string; readonly currency: string };
  readonly discountMinor: number;
  readonly store: string;
  readonly till: string;
  readonly since: string;
}

type OfMember = PlainSale & { readonly memberId: string };

const ANSWER_MS = 10_000;

export function plainActivities(programs: ReadonlyMap<string, ProgramServices>) {
  const servicesOf = (program: string) => {
    const services = programs.get(program);
    if (services === undefined) throw new Error(`no program ${program}`);
    return services;
  };
  return {
    checkBalance: ({ program, member }: PlainSale) =>
      servicesOf(program).provider.checkBalance(member),

    async deductPoints(sale: OfMember): Promise<string> {
      const { reference } = await servicesOf(sale.program).provider.deductPoints(sale, ANSWER_MS);
      return reference;
    },

    async fulfil({
      program,
      redemptionId,
      points,
      discount,
      store,
      till,
    }: PlainSale): Promise<void> {
      const order = { program, redemptionId, points, discount, store, till };
      await servicesOf(program).fulfilment?.fulfil(order);
    },

    async restorePoints(sale: OfMember, reference: string): Promise<void> {
      await servicesOf(sale.program).provider.restorePoints(sale, reference, ANSWER_MS);
    },
  };
}

export type PlainActivities = ReturnType<typeof plainActivities>;
