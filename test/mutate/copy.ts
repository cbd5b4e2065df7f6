/** Copies of the sources, in which a fault can be planted and a test run without touching the checkout. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { spawnGuarded } from '../../src/local/guarded.js';
import type { Fault } from './fault.ts';

const LEFT_OUT: readonly string[] = [
  '.git',
  '.cache',
  '.data',
  '.artefacts',
  'node_modules',
  'dist',
  'coverage',
];

/** Generous, because a server has to start and a test may wait for its own limit. */
const LIMIT_MS = 6 * 60_000;

/** What became of the tests that were run. */
export type Verdict =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly names: readonly string[]; readonly why: string }
  /** No test ran: the file could not be imported, its set-up failed, or the time was over. */
  | { readonly kind: 'not-run'; readonly why: string };

interface Report {
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

export class Copy {
  readonly #root: string;

  constructor() {
    this.#root = mkdtempSync(join(tmpdir(), 'mutate-'));
    cpSync('.', this.#root, {
      recursive: true,
      filter: (path) => !LEFT_OUT.includes(basename(path)),
    });
    symlinkSync(join(process.cwd(), 'node_modules'), join(this.#root, 'node_modules'));
  }

  /** Runs a test with the fault in place, and then takes it out again. */
  async withFault({ file, find, replace, test, name }: Fault): Promise<Verdict> {
    const path = join(this.#root, file);
    const text = readFileSync(path, 'utf8');
    writeFileSync(
      path,
      text.replace(find, () => replace),
    );
    try {
      return await this.run(test, name);
    } finally {
      writeFileSync(path, text);
    }
  }

  /** Runs the tests of a file whose names match the pattern. */
  async run(test: string, name?: string): Promise<Verdict> {
    const reportFile = join(this.#root, 'report.json');
    rmSync(reportFile, { force: true });
    const isOver = await this.#vitest([
      test,
      '--bail=1',
      '--reporter=json',
      `--outputFile=${reportFile}`,
      ...(name === undefined ? [] : ['--testNamePattern', name]),
    ]);
    return isOver ? { kind: 'not-run', why: 'the time was over' } : verdictOf(reportFile);
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  /** Returns whether the time was over first. */
  #vitest(args: readonly string[]): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const vitest = join(this.#root, 'node_modules', 'vitest', 'vitest.mjs');
      const child = spawnGuarded(process.execPath, [vitest, 'run', ...args], {
        cwd: this.#root,
        stdio: ['ignore', 'ignore', 'ignore'],
      });
      let isOver = false;
      const timer = setTimeout(() => {
        isOver = true;
        child.kill('SIGKILL');
      }, LIMIT_MS);
      child.on('error', reject);
      child.on('close', () => {
        clearTimeout(timer);
        resolve(isOver);
      });
    });
  }
}

function verdictOf(reportFile: string): Verdict {
  let report: Report;
  try {
    report = JSON.parse(readFileSync(reportFile, 'utf8')) as Report;
  } catch {
    return { kind: 'not-run', why: 'vitest wrote no report' };
  }
  const results = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = results.filter(({ status }) => status === 'failed');
  if (failed.length > 0)
    return {
      kind: 'failed',
      names: failed.map(({ fullName }) => fullName),
      why: failed[0]?.failureMessages[0]?.split('\n')[0] ?? 'no reason was given',
    };
  const message = report.testResults.map((file) => file.message).find((text) => text !== '');
  if (message !== undefined) return { kind: 'not-run', why: message.split('\n')[0] ?? message };
  return results.some(({ status }) => status === 'passed')
    ? { kind: 'passed' }
    : { kind: 'not-run', why: 'no test has that name' };
}
