import { createHmac } from 'node:crypto';
import type { ProgramServices } from './activities/dependencies.ts';
import { createFulfilment } from './fulfilment/http.ts';
import { createProvider } from './loyalty/index.ts';
import { createNotifier } from './news.ts';
import { createPaymentSystem } from './payment/http.ts';
import type { Program, Programs } from './programs.ts';

/** Everything that each program is reached through, made once for the process. */
export function connectPrograms(programs: Programs): ReadonlyMap<string, ProgramServices> {
  return new Map(
    [...programs].map(([id, program]) => [
      id,
      {
        program,
        provider: createProvider(program),
        payment: createPaymentSystem(program.payment),
        fulfilment: createFulfilment(program.fulfilment),
        notify: createNotifier(program),
        turnOf: turnOf(program),
      },
    ]),
  );
}

/** Programs that share a wallet share its turns, so the name is made from where the wallet is and not from the program. */
function turnOf(program: Program): (memberId: string) => string {
  const key = program.provider === 'loyalife' ? program.clientSecret : program.apiKey;
  return (memberId) => {
    const wallet = JSON.stringify([program.provider, program.baseUrl, memberId]);
    return `turn:${createHmac('sha256', key).update(wallet).digest('hex').slice(0, 32)}`;
  };
}
