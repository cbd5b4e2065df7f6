/** Makes requests go wrong on demand. A fault lasts until it is used up or cleared, or until the process ends. */
import { z } from 'zod';

/** The calls that can go wrong at each service. Both loyalty providers use the same words for the same kind of call. */
const faultyCalls = {
  'white-label-loyalty': ['balance', 'rate', 'deduct', 'restore', 'events', 'event', 'reactions'],
  loyalife: ['token', 'balance', 'deduct', 'restore', 'history'],
  payment: ['status'],
  fulfilment: ['fulfil', 'cancel'],
} as const;
export type ServiceName = keyof typeof faultyCalls;
export type CallName = (typeof faultyCalls)[ServiceName][number];

const everywhere = [
  /** The service refuses definitely, in its own manner, and nothing moves. */
  'refuse',
  /** The service waits `delayMs` before it carries the request out, even if the caller has gone by then. */
  'slow',
  'hang-before-commit',
  'hang-after-commit',
  'error-before-commit',
  'error-after-commit',
  'cut-before-commit',
  'cut-after-commit',
  'unreadable-after-commit',
  'too-many-requests',
  'unauthorized',
] as const;
/** For deduct and restore at White Label Loyalty: the reactor runs late, there is none or a second one, or it adds for subtract. */
const reactorFaults = [
  'late-reaction',
  'missing-reactor',
  'second-reactor',
  'inverse-reactor',
] as const;
/** For fulfil at the fulfilment service: it is still working. */
const fulfilFaults = ['pending'] as const;

export type FaultName =
  (typeof everywhere)[number] | (typeof reactorFaults)[number] | (typeof fulfilFaults)[number];

function faultsOf(service: ServiceName, call: string): readonly FaultName[] {
  if (service === 'white-label-loyalty' && (call === 'deduct' || call === 'restore'))
    return [...everywhere, ...reactorFaults];
  if (service === 'fulfilment' && call === 'fulfil') return [...everywhere, ...fulfilFaults];
  return everywhere;
}

const services = Object.keys(faultyCalls) as ServiceName[];
const codedFaults: readonly string[] = ['refuse', 'error-before-commit', 'error-after-commit'];
const delayedFaults: readonly string[] = ['slow', 'late-reaction'];

/**
 * `times` (default 1) is how many matching requests go wrong, once `after` of them (default 0) have been spared. With `rate` instead, each of them goes wrong with that
 * probability. `code` is Loyalife's code, sent with HTTP 200, for a fault that refuses or fails. A request matches only if it
 * names the `program`, `redemptionId` and `member` that the fault names.
 */
export const faultSchema = z
  .strictObject({
    service: z.enum(services, { error: `must be one of ${services.join(', ')}` }),
    call: z.string(),
    fault: z.string(),
    times: z.int().min(1).optional(),
    after: z.int().min(0).optional(),
    rate: z.number().min(0).max(1).optional(),
    delayMs: z.int().min(0).max(3_600_000).optional(),
    code: z
      .string()
      .regex(/^\d{3}$/, 'must be three digits')
      .optional(),
    httpStatus: z.int().min(400).max(499).optional(),
    program: z.string().optional(),
    redemptionId: z.string().optional(),
    member: z.string().optional(),
  })
  .superRefine((fault, context) => {
    const refuse = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message });
    const calls: readonly string[] = faultyCalls[fault.service];
    if (!calls.includes(fault.call))
      return refuse('call', `must be one of ${calls.join(', ')} at ${fault.service}`);
    const faults: readonly string[] = faultsOf(fault.service, fault.call);
    if (!faults.includes(fault.fault))
      return refuse(
        'fault',
        `must be one of ${faults.join(', ')} for ${fault.call} at ${fault.service}`,
      );
    if (fault.times !== undefined && fault.rate !== undefined)
      refuse('rate', 'cannot be given together with times');
    if (delayedFaults.includes(fault.fault) !== (fault.delayMs !== undefined))
      refuse('delayMs', `is needed by ${delayedFaults.join(' and ')}, and by no other fault`);
    if (
      fault.code !== undefined &&
      !(fault.service === 'loyalife' && codedFaults.includes(fault.fault))
    )
      refuse('code', `is only for ${codedFaults.join(', ')} at loyalife`);
    if (
      fault.httpStatus !== undefined &&
      (fault.service === 'loyalife' || fault.fault !== 'refuse')
    )
      refuse('httpStatus', 'is only for refuse, and not at loyalife');
    if (fault.redemptionId !== undefined && fault.service === 'loyalife')
      refuse('redemptionId', 'is never told to loyalife: match by member');
  });
export type Fault = z.infer<typeof faultSchema>;

/** The parts of a request that a fault is matched with. */
export interface FaultTarget {
  readonly program?: string | undefined;
  readonly redemptionId?: string | undefined;
  /** Every known spelling of the member. */
  readonly memberSpellings?: readonly string[] | undefined;
}

export class Faults {
  readonly #random: () => number;
  #armed: { readonly fault: Fault; fired: number; spared: number }[] = [];

  constructor(random: () => number) {
    this.#random = random;
  }

  add(fault: Fault): void {
    this.#armed.push({ fault, fired: 0, spared: 0 });
  }

  clear(): void {
    this.#armed = [];
  }

  list(): (Fault & { fired: number })[] {
    return this.#armed.map(({ fault, fired }) => ({ ...fault, fired }));
  }

  /** Takes the oldest fault that is due for this request, and counts it as fired. */
  take(service: ServiceName, call: CallName, target: FaultTarget): Fault | undefined {
    for (const armed of this.#armed) {
      const { fault } = armed;
      if (fault.service !== service || fault.call !== call || !matches(fault, target)) continue;
      if (armed.spared < (fault.after ?? 0)) armed.spared += 1;
      else if (this.#isDue(armed)) {
        armed.fired += 1;
        return fault;
      }
    }
    return undefined;
  }

  #isDue({ fault, fired }: { readonly fault: Fault; readonly fired: number }): boolean {
    return fault.rate === undefined ? fired < (fault.times ?? 1) : this.#random() < fault.rate;
  }
}

function matches(fault: Fault, target: FaultTarget): boolean {
  return (
    (fault.program === undefined || fault.program === target.program) &&
    (fault.redemptionId === undefined || fault.redemptionId === target.redemptionId) &&
    (fault.member === undefined || (target.memberSpellings ?? []).includes(fault.member))
  );
}
