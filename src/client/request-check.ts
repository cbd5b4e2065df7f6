/** Checks a request before anything starts, as far as that is possible without asking the provider. */
import type { z } from 'zod';
import { RedemptionError } from '../domain/errors.ts';
import { quoteAt } from '../money/conversion.ts';
import { fromMinor, minorUnitDigits, toMinor } from '../money/money.ts';
import { objectionTo } from '../programs/limits.ts';
import type { Program, Programs } from '../programs/programs.ts';
import { firstIssue } from '../schemas/issues.ts';
import {
  redemptionRequestSchema,
  type Money,
  type RedemptionRequest,
} from '../schemas/redemption.ts';

function refuse(field: string, message: string): never {
  throw new RedemptionError('invalid-request', `${field} ${message}.`, { field });
}

/** @throws RedemptionError `invalid-request` */
export function parseAs<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input, { reportInput: true });
  if (parsed.success) return parsed.data;
  const { field, message } = firstIssue(parsed.error);
  return refuse(field === '' ? 'request' : field, message);
}

/** @throws RedemptionError `invalid-request` that names the field `program` */
export function programOf(programs: Programs, id: string): Program {
  const shown = id.length > 64 ? `${id.slice(0, 64)}…` : id;
  return (
    programs.get(id) ??
    refuse('program', `${shown} is not configured: use one of ${[...programs.keys()].join(', ')}`)
  );
}

/** Returns the request with its amounts in the currency's own number of decimals. @throws RedemptionError `invalid-request` */
export function checkRequest(input: unknown, programs: Programs): RedemptionRequest {
  const request = parseAs(redemptionRequestSchema, input);
  return { ...request, ...checkAmounts(request, programOf(programs, request.program)) };
}

/** @throws RedemptionError `invalid-request` */
export function checkAmounts<Basket extends Money | undefined>(
  { points, amount, basket }: Pick<RedemptionRequest, 'points' | 'amount'> & { basket?: Basket },
  program: Program,
): { basket: Basket; amount?: Money } {
  const inBasket = basket === undefined ? undefined : normalise('basket', basket, program);
  const asked = amount === undefined ? undefined : normalise('amount', amount, program);
  if (asked?.minor === 0) refuse('amount', 'must be more than zero');
  if (asked !== undefined && inBasket !== undefined && asked.minor > inBasket.minor)
    refuse(
      'basket',
      `is ${inBasket.money.amount}, less than the amount of ${asked.money.amount}: redeem less`,
    );
  // If the rate is configured, a basket below the discount is found before anything starts.
  if (points !== undefined && 'value' in program.rate) {
    const quote = quoteAt(program.rate.value, program.currency, { points });
    const objection = objectionTo(quote, inBasket?.minor ?? Infinity, program);
    if (objection?.reason === 'rejected') refuse(objection.field, objection.message);
  }
  return {
    basket: inBasket?.money as Basket,
    ...(asked !== undefined && { amount: asked.money }),
  };
}

function normalise(
  field: string,
  money: Money,
  { id, currency }: Program,
): { money: Money; minor: number } {
  if (money.currency !== currency)
    refuse(field, `is in ${money.currency}, but ${id} takes ${currency}`);
  const minor = toMinor(money);
  if (minor === undefined)
    return refuse(
      field,
      `has too many decimal places: ${currency} has ${minorUnitDigits(currency)}`,
    );
  return { money: fromMinor(minor, currency), minor };
}
