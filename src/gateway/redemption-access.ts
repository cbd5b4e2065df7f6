/** Limits redemptions to those that an access key may see. */
import type { RedemptionClient } from '../client/redemption-client.ts';
import type { RedemptionView } from '../domain/redemption-view.ts';
import type { SaleId } from '../domain/sale-id.ts';
import type { Programs } from '../programs/programs.ts';
import type { AccessKey } from './access-keys.ts';
import { mayUseId, mayUseProgram, mayUseStore } from './access.ts';
import { ANSWER_MS, answerInTime } from './answer-in-time.ts';
import { Problem } from './problems.ts';

export interface RedemptionAccess {
  readonly redemptions: Pick<
    RedemptionClient,
    'redeem' | 'status' | 'capture' | 'void' | 'quote' | 'retry' | 'resolve'
  >;
  readonly programs: Programs;
}

/** Finds a sale. @throws Problem `unknown-redemption` if there is none, and also if the key may not know of it */
export async function findSale(
  { redemptions, programs }: RedemptionAccess,
  key: AccessKey,
  sale: SaleId,
): Promise<RedemptionView> {
  refuseOthers(programs, key, sale);
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
  if (key.stores === undefined) refuseOthers(access.programs, key, sale);
  else await findSale(access, key, sale);
}

function refuseOthers(programs: Programs, key: AccessKey, { program, redemptionId }: SaleId): void {
  if (!programs.has(program) || !mayUseProgram(key, program) || !mayUseId(key, redemptionId))
    throw new Problem('unknown-redemption');
}
