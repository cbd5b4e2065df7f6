/** Keyed hashes, by which a member can be recognised without being known. */
import { createHmac } from 'node:crypto';
import { isSandboxProgram, type Program } from '../programs/programs.ts';
import { sandboxKeyRing, type KeyRing } from './key-ring.ts';

/** Returns the key for a program. A sandbox program always has the sandbox's, even beside real ones. */
export function memberHashKeyOf(program: Program, keyRing: KeyRing): Buffer {
  return (isSandboxProgram(program) ? sandboxKeyRing : keyRing).memberHashKey;
}

/** Makes the hash by which an operator finds a member's redemptions. Each spelling of the member has its own. */
export function memberHash(key: Buffer, program: string, member: string): string {
  return digest(key, ['member', program, member]);
}

/** Makes the id of the run that is a member lock. Programs that share a wallet share the lock. */
export function memberLockName(key: Buffer, program: Program, memberId: string): string {
  return `turn:${digest(key, ['turn', program.provider, program.baseUrl, memberId])}`;
}

function digest(key: Buffer, parts: readonly string[]): string {
  return createHmac('sha256', key).update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
