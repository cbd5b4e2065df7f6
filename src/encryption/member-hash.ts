/** Keyed hashes that stand for a member where one must be recognised, and not known. */
import { createHmac } from 'node:crypto';
import { isSandboxProgram, type Program } from '../programs/programs.ts';
import { sandboxKeyRing, type KeyRing } from './key-ring.ts';

/** A program of the sandbox has the sandbox's, whatever it stands beside. */
export function memberHashKeyOf(program: Program, keyRing: KeyRing): Buffer {
  return (isSandboxProgram(program) ? sandboxKeyRing : keyRing).memberHashKey;
}

/** What an operator finds a member's redemptions by. `member` is as the till spelled it: aliases have hashes of their own. */
export function memberHash(key: Buffer, program: string, member: string): string {
  return digest(key, ['member', program, member]);
}

/** The id of the run that is a member's lock. Programs that share a wallet share the lock. */
export function memberLockName(key: Buffer, program: Program, memberId: string): string {
  return `turn:${digest(key, ['turn', program.provider, program.baseUrl, memberId])}`;
}

function digest(key: Buffer, parts: readonly string[]): string {
  return createHmac('sha256', key).update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
