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
    'redeem' | 'status' | 'storeOf' | 'capture' | 'void' | 'quote' | 'retry' | 'resolve'
  >;
  readonly programs: Programs;
}

/** Finds a sale. @throws Problem `unknown-redemption` if there is none, and also if the key may not know of it */
export async function findSale(
  access: RedemptionAccess,
  key: AccessKey,
  sale: SaleId,
): Promise<RedemptionView> {
  await assertMayAccess(access, key, sale);
  return answerInTime(ANSWER_MS, access.redemptions.status(sale));
}

/**
 * Decides by what needs neither a worker nor a run that can be read, so that the answer about a sale of others is the same
 * whatever became of it. @throws Problem `unknown-redemption`
 */
export async function assertMayAccess(
  { redemptions, programs }: RedemptionAccess,
  key: AccessKey,
  sale: SaleId,
): Promise<void> {
  const { program, redemptionId } = sale;
  if (!programs.has(program) || !mayUseProgram(key, program) || !mayUseId(key, redemptionId))
    throw new Problem('unknown-redemption');
  if (key.stores === undefined) return;
  const store = await answerInTime(ANSWER_MS, redemptions.storeOf(sale));
  if (store === undefined || !mayUseStore(key, store)) throw new Problem('unknown-redemption');
}
