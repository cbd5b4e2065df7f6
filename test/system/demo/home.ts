/** A folder in which `npm start` runs by itself, with the code of this one and data and ports of its own. */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

/** The scripts go by where they themselves are. */
const copied = ['package.json', 'package-lock.json', 'scripts'];
const linked = ['node_modules', '.cache', 'src', 'tsconfig.json'];
const LOOK_EVERY_MS = 50;

export interface Process {
  readonly pid: number;
  readonly command: string;
}

export interface Home {
  readonly folder: string;
  /** The first of five, which nobody listens at. */
  readonly firstPort: number;
  /** All that `npm start` started in this folder and that is not gone, whatever became of its parents. */
  processes(): Process[];
  /** What is left of them after so long. */
  leftAfter(limitMs: number): Promise<string[]>;
  remove(): void;
}

export async function newHome(): Promise<Home> {
  const folder = mkdtempSync(join(tmpdir(), 'points-redemption-home-'));
  for (const name of copied) cpSync(name, join(folder, name), { recursive: true });
  for (const name of linked) symlinkSync(resolve(name), join(folder, name));
  const processes = () => processesIn(folder);
  return {
    folder,
    // Below the ports that a system hands out for outgoing connections: one of those could take it in the meantime.
    firstPort: 20_000 + 10 * randomInt(1_000),
    processes,
    async leftAfter(limitMs) {
      const limit = Date.now() + limitMs;
      while (processes().length > 0 && Date.now() < limit) await delay(LOOK_EVERY_MS);
      return processes().map(({ command }) => command);
    },
    remove() {
      for (const { pid } of processes()) killIfThere(pid);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Running {
  readonly home: Home;
  readonly pid: number;
  /** Every line so far. */
  readonly lines: readonly string[];
  /** Resolves with the line that begins so. */
  printed(beginning: string): Promise<string>;
  type(keys: string): void;
}

/** `npm start` as it stays, in a group of its own, as a shell would give it. */
export function startIn(home: Home, inTerminal = false): Running {
  const command = ['npm', 'start', '--', '--first-port', String(home.firstPort)];
  const [file = '', ...args] = inTerminal
    ? ['script', '-qefc', command.join(' '), '/dev/null']
    : command;
  const child = spawn(file, args, {
    cwd: home.folder,
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  if (child.pid === undefined) throw new Error('npm start has no process id');
  const lines: string[] = [];
  const output = createInterface({ input: child.stdout });
  output.on('line', (line) => lines.push(line));
  return {
    home,
    pid: child.pid,
    lines,
    printed: (beginning) =>
      new Promise((found, failed) => {
        const look = () => {
          const line = lines.find((printed) => printed.startsWith(beginning));
          if (line !== undefined) found(line);
        };
        look();
        output.on('line', look);
        output.on('close', () =>
          failed(new Error(`npm start ended before it printed ${beginning}:\n${lines.join('\n')}`)),
        );
      }),
    type: (keys) => void child.stdin.write(keys),
  };
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It went by itself.
  }
}

/** By the working directory, which a process keeps when it loses its parent, and which Linux tells. */
function processesIn(folder: string): Process[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        if (readlinkSync(`/proc/${name}/cwd`) !== folder) return [];
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return [{ pid: Number(name), command }];
      } catch {
        // It is gone, or only its parent has not yet heard of its end.
        return [];
      }
    });
}
