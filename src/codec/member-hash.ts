/** Keyed hashes that stand for a member where one must be recognised, and not known. */
import { createHmac } from 'node:crypto';
import { sandboxMemberHashKey } from '../sandbox/programs.ts';
import { isSandboxProgram, type Program } from '../programs.ts';
import { SettingsError } from '../settings-error.ts';
import type { KeyRing } from './key-ring.ts';

/** @throws SettingsError for a real program without a ring */
export function memberHashKeyOf(program: Program, ring: KeyRing | undefined): Buffer {
  if (isSandboxProgram(program)) return Buffer.from(sandboxMemberHashKey);
  if (ring !== undefined) return ring.memberHashKey;
  throw new SettingsError(`The program ${program.id} needs REDEMPTION_ENCRYPTION_KEYS: set it.`);
}

/** What an operator finds a member's redemptions by. `memberId` is the provider's canonical one. */
export function memberHash(key: Buffer, program: string, memberId: string): string {
  return digest(key, ['member', program, memberId]);
}

/** The id of the run that is a member's turn: programs that share a wallet share it. */
export function turnName(key: Buffer, program: Program, memberId: string): string {
  return `turn:${digest(key, ['turn', program.provider, program.baseUrl, memberId])}`;
}

function digest(key: Buffer, parts: readonly string[]): string {
  return createHmac('sha256', key).update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
