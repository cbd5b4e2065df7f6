/** Limits redemptions to those that an access key may see. */
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

/** Finds a sale. @throws Problem `unknown-redemption` if there is none, and also if the key may not know of it */
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

/** Like {@link findSale}, but does not need a worker when the key is valid for every store. */
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
