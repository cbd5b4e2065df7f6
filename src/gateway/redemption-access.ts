/** The redemptions, as far as an access key may see them. */
import type { RedemptionClient } from '../client/redemption-client.ts';
import type { RedemptionView } from '../domain/redemption-view.ts';
import type { SaleId } from '../domain/sale-id.ts';
import type { Programs } from '../programs/programs.ts';
import type { AccessKey } from './access-keys.ts';
import { mayUseProgram, mayUseStore } from './access.ts';
import { ANSWER_MS, answerInTime } from './answer-in-time.ts';
import { Problem } from './problems.ts';

export interface RedemptionAccess {
  readonly redemptions: Pick<RedemptionClient, 'redeem' | 'status' | 'capture' | 'void' | 'quote'>;
  readonly programs: Programs;
}

/** @throws Problem `unknown-redemption`, the same where there is none and where the key may not know of it */
export async function findSale(
  { redemptions, programs }: RedemptionAccess,
  key: AccessKey,
  sale: SaleId,
): Promise<RedemptionView> {
  refuseOtherProgram(programs, key, sale.program);
  const view = await answerInTime(ANSWER_MS, redemptions.status(sale));
  if (!mayUseStore(key, view.store)) throw new Problem('unknown-redemption');
  return view;
}

/** As {@link findSale}; without a worker that could tell the store, only where the key is for every store. */
export async function assertMayAccess(
  access: RedemptionAccess,
  key: AccessKey,
  sale: SaleId,
): Promise<void> {
  if (key.stores === undefined) refuseOtherProgram(access.programs, key, sale.program);
  else await findSale(access, key, sale);
}

function refuseOtherProgram(programs: Programs, key: AccessKey, program: string): void {
  if (!programs.has(program) || !mayUseProgram(key, program))
    throw new Problem('unknown-redemption');
}
