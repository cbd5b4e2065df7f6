/** The providers. Another one needs a folder beside theirs and a line here: see docs/providers/adding-a-provider.md. */
import type { z } from 'zod';
import { createLoyalife } from './loyalife/adapter.ts';
import { loyalifeSettings } from './loyalife/settings.ts';
import type { LoyaltyProvider } from './provider.ts';
import { createWhiteLabelLoyalty } from './white-label-loyalty/adapter.ts';
import { whiteLabelLoyaltySettings } from './white-label-loyalty/settings.ts';

export const providers = {
  'white-label-loyalty': { settings: whiteLabelLoyaltySettings, create: createWhiteLabelLoyalty },
  loyalife: { settings: loyalifeSettings, create: createLoyalife },
} as const;

/** A program's settings, by its provider. */
export type ProviderSettings = z.infer<(typeof providers)[keyof typeof providers]['settings']>;

/** Makes a provider. It keeps its token or rate, so a process makes one for each program and keeps it. */
export function createProvider(settings: ProviderSettings): LoyaltyProvider {
  const create: (settings: never) => LoyaltyProvider = providers[settings.provider].create;
  // The compiler cannot tell that the settings are those of the provider that they name.
  return create(settings as never);
}
