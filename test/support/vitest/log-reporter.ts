/** Beside vitest's own reporter: the log of each file that failed, and which files took the longest. */
import { existsSync, readFileSync } from 'node:fs';
import type { Reporter, TestModule, Vitest } from 'vitest/node';
import { logOf } from './quiet-forks.ts';

const LINES_SHOWN = 40;
const SLOWEST_SHOWN = 10;

export class LogReporter implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(files: readonly TestModule[]): void {
    for (const file of files) if (file.state() === 'failed') this.#print(describeLog(file));
    if (files.length > SLOWEST_SHOWN) this.#print(describeSlowest(files));
  }

  #print(text: string): void {
    this.#vitest?.logger.log(text);
  }
}

function describeLog({ moduleId, relativeModuleId }: TestModule): string {
  const log = logOf(moduleId);
  if (!existsSync(log)) return `\n${relativeModuleId} has printed nothing.`;
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
  return [
    `\nThe last lines that ${relativeModuleId} and its children printed (all: ${log}):`,
    ...lines.slice(-LINES_SHOWN).map((line) => `  ${line}`),
  ].join('\n');
}

function describeSlowest(files: readonly TestModule[]): string {
  const slowest = files.toSorted((one, other) => durationOf(other) - durationOf(one));
  return [
    '\nThe slowest files, in seconds:',
    ...slowest
      .slice(0, SLOWEST_SHOWN)
      .map((file) => `${durationOf(file).toFixed(0).padStart(6)}  ${file.relativeModuleId}`),
  ].join('\n');
}

/** In seconds, its import included. */
function durationOf(file: TestModule): number {
  const { collectDuration, duration } = file.diagnostic();
  return (collectDuration + duration) / 1_000;
}
