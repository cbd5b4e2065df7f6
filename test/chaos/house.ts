/** What a run takes place in, whatever it is made of. */
import type { RedemptionClient } from '../../src/client.ts';
import type { Client } from '@temporalio/client';
import type { Random } from './random.ts';
import type { Sandbox } from './sandbox.ts';
import type { Trouble } from './trouble.ts';

export interface House {
  readonly temporal: Client;
  /** Two backends that know nothing of one another. */
  readonly clients: readonly [RedemptionClient, RedemptionClient];
  readonly sandbox: Sandbox;
  /** Where all logs are; one process has none. */
  readonly folder?: string;
  /** Never resolves. @throws ChildError when a process dies that nobody killed. */
  readonly ended: Promise<never>;
  startTrouble(random: Random): Trouble;
  /** Lets time pass for what still runs: a moment, or a day where the clock skips. */
  pass(): Promise<void>;
  stop(): Promise<void>;
  removeLogs(): void;
}
