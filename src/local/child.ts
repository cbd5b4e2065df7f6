/** A child process that `npm start` and the tests look after: started, waited for, watched and stopped. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { childEnvironment } from '../process/settings.ts';
import { formatDuration } from '../schemas/duration.ts';
import { spawnGuarded } from './guarded.js';

const LINES_KEPT = 15;
const STOP_LIMIT_MS = 20_000;
/** What a shell ends with when it cannot run a command. */
const NOT_STARTED: readonly (number | null)[] = [126, 127];

export interface ChildOptions {
  /** What people know it as: "the worker". */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to our own environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Everything that it prints goes there. */
  readonly logFile?: string | undefined;
}

/** It ends when this process is gone, however it went. */
export interface Child {
  /** For whoever looks at it from outside; absent when it could not be started. */
  readonly pid: number | undefined;
  /** Resolves once a line that holds this text was printed. @throws ChildError when it ends, or the limit passes, before. */
  saw(text: string, limitMs: number): Promise<void>;
  /** Never resolves. @throws ChildError when the process ends without being told to. */
  readonly ended: Promise<never>;
  /** Resolves with its exit code, however it ended. */
  readonly exitCode: Promise<number | null>;
  /** Lets it finish what it does; after 20 s it is killed. */
  stop(): Promise<void>;
  /** Takes it away in the midst of what it does. */
  kill(): Promise<void>;
}

/** Its message names the process and shows its last lines. */
export class ChildError extends Error {
  override readonly name = 'ChildError';
}

export function startChild({ name, command, args, environment, logFile }: ChildOptions): Child {
  const child = spawnGuarded(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: childEnvironment(environment),
    // In a group of its own: Control-C comes to us alone, and we stop our children in order.
    detached: true,
  });
  const output = new PassThrough();
  for (const stream of [child.stdout, child.stderr]) stream?.pipe(output, { end: false });
  if (logFile !== undefined) output.pipe(createWriteStream(logFile));
  const lines = createInterface({ input: output });
  const lastLines: string[] = [];
  lines.on('line', (line) => {
    lastLines.push(line);
    if (lastLines.length > LINES_KEPT) lastLines.shift();
  });

  let isStopping = false;
  const closed = once(child, 'close').then(async ([code]) => {
    output.end();
    await once(lines, 'close');
    return code as number | null;
  });
  const failure = (what: string) =>
    new ChildError([`${capitalized(name)} ${what}. Its last lines:`, ...lastLines].join('\n'));
  const ended = closed.then(
    (code) => {
      if (NOT_STARTED.includes(code)) throw failure('could not be started');
      if (!isStopping) throw failure(`ended by itself (exit code ${code ?? 'none'})`);
      return new Promise<never>(() => undefined);
    },
    (error: unknown) => {
      throw failure(`could not be started (${(error as Error).message})`);
    },
  );
  // Whoever waits for this child hears of its end; nobody waiting is no reason to crash.
  ended.catch(() => undefined);

  return {
    pid: child.pid,
    ended,
    exitCode: closed,
    async saw(text, limitMs) {
      const printed = new Promise<void>((resolve) => {
        lines.on('line', (line) => {
          if (line.includes(text)) resolve();
        });
      });
      const timer = new AbortController();
      const limit = delay(limitMs, undefined, { signal: timer.signal }).then(() => {
        throw failure(`was not ready after ${formatDuration(limitMs)}`);
      });
      limit.catch(() => undefined);
      try {
        await Promise.race([printed, ended, limit]);
      } finally {
        timer.abort();
      }
    },
    async stop() {
      isStopping = true;
      const killer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
      child.kill('SIGTERM');
      await closed.catch(() => undefined);
      clearTimeout(killer);
    },
    async kill() {
      isStopping = true;
      child.kill('SIGKILL');
      await closed.catch(() => undefined);
    },
  };
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
