/** `npm start` as it is ended by a person, a supervisor or the kernel: nothing that it started is left behind. */
import { afterEach, describe, expect, it } from 'vitest';
import { newHome, startIn, type Home, type Running } from './home.ts';

const GONE_LIMIT_MS = 10_000;
const START_LIMIT_MS = 90_000;

const UP = 'Taking a sale';

interface Way {
  readonly how: string;
  /** What it has printed when it is ended. Default: everything is up. */
  readonly at?: string;
  readonly inTerminal?: true;
  readonly end: (running: Running) => void;
}

/** The one process of the folder whose command begins so. */
function pidOf({ home }: Running, command: RegExp): number {
  const found = home.processes().filter((process) => command.test(process.command));
  const [process] = found;
  if (found.length !== 1 || process === undefined)
    throw new Error(`${found.length} processes are ${String(command)}`);
  return process.pid;
}

const NPM = /^npm start/;
const SCRIPT = /^\S*node scripts\/start\.mjs/;
const DEMONSTRATION = /^\S*node --import tsx src\/demo\/start\.ts/;

const kill = (command: RegExp, signal: NodeJS.Signals) => (running: Running) => {
  process.kill(pidOf(running, command), signal);
};
const killGroup = (signal: NodeJS.Signals) => (running: Running) => {
  process.kill(-running.pid, signal);
};

const ways: readonly Way[] = [
  { how: 'Control-C in its terminal', inTerminal: true, end: ({ type }) => type('\u0003') },
  {
    how: 'its terminal, which is closed',
    inTerminal: true,
    at: 'Worker ',
    end: ({ pid }) => process.kill(pid, 'SIGKILL'),
  },
  { how: 'SIGTERM to npm', end: kill(NPM, 'SIGTERM') },
  { how: 'SIGTERM to npm while it starts', at: 'Temporal ', end: kill(NPM, 'SIGTERM') },
  { how: 'SIGTERM to the group', end: killGroup('SIGTERM') },
  { how: 'SIGHUP to the group', at: 'Gateway ', end: killGroup('SIGHUP') },
  { how: 'SIGKILL of npm', end: kill(NPM, 'SIGKILL') },
  { how: 'SIGKILL of what npm runs', end: kill(SCRIPT, 'SIGKILL') },
  { how: 'SIGKILL of the parent of all', end: kill(DEMONSTRATION, 'SIGKILL') },
  { how: 'SIGKILL of the group while it starts', at: 'Sandbox ', end: killGroup('SIGKILL') },
];

const homes: Home[] = [];
afterEach(() => {
  for (const home of homes.splice(0)) home.remove();
});

describe.runIf(process.platform === 'linux')('npm start leaves nothing behind after', () => {
  it.each(ways)(
    '$how',
    async ({ at = UP, inTerminal = false, end }) => {
      const home = await newHome();
      homes.push(home);
      const running = startIn(home, inTerminal);
      await running.printed(at);
      end(running);
      expect(await home.leftAfter(GONE_LIMIT_MS)).toEqual([]);
    },
    START_LIMIT_MS + 2 * GONE_LIMIT_MS,
  );

  it(
    'so that the next one in its folder waits for what a killed one started, and then has the data for itself',
    async () => {
      const home = await newHome();
      homes.push(home);
      const killed = startIn(home);
      await killed.printed('Temporal ');
      kill(DEMONSTRATION, 'SIGKILL')(killed);
      const next = startIn(home);
      await next.printed('Temporal ');
      // Throws where there are two.
      pidOf(next, /^\S*temporal\S* server start-dev/);
      killGroup('SIGTERM')(next);
      expect(await home.leftAfter(GONE_LIMIT_MS)).toEqual([]);
    },
    START_LIMIT_MS,
  );
});
