import type { ProgramServices } from '../activities/dependencies.ts';
import type { KeyRing } from '../encryption/key-ring.ts';
import { memberHashKeyOf, memberLockName } from '../encryption/member-hash.ts';
import { createFulfilment } from '../fulfilment/http.ts';
import { createProvider } from '../loyalty/index.ts';
import { createNotifier } from '../notifications/webhook.ts';
import { createPaymentSystem } from '../payment/http.ts';
import type { Programs } from '../programs/programs.ts';

/** Makes the provider and the services of each program, once for the process. */
export function connectPrograms(
  programs: Programs,
  keyRing: KeyRing,
): ReadonlyMap<string, ProgramServices> {
  return new Map(
    [...programs].map(([id, program]) => {
      const memberHashKey = memberHashKeyOf(program, keyRing);
      return [
        id,
        {
          program,
          provider: createProvider(program),
          payment: createPaymentSystem(program.payment),
          fulfilment: createFulfilment(program.fulfilment),
          notify: createNotifier(program),
          lockNameOf: (memberId: string) => memberLockName(memberHashKey, program, memberId),
        },
      ];
    }),
  );
}
