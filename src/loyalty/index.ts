import type { Program } from '../programs/programs.ts';
import { createLoyalife } from './loyalife/adapter.ts';
import type { LoyaltyProvider } from './provider.ts';
import { createWhiteLabelLoyalty } from './white-label-loyalty/adapter.ts';

/** Each keeps its own token or rate, so a process makes one for each program and holds on to it. */
export function createProvider(program: Program): LoyaltyProvider {
  switch (program.provider) {
    case 'white-label-loyalty':
      return createWhiteLabelLoyalty(program);
    case 'loyalife':
      return createLoyalife(program);
  }
}
