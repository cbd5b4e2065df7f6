/** Which tests a change needs at once: all of `unit`, what the table names for its folders, and the tests that changed. */
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** A folder of `src`, or `src` itself, and the test files that must run when it changes; the most telling come first. */
export type Table = Readonly<Record<string, readonly string[]>>;

export interface Choice {
  /** All that run. */
  readonly files: readonly string[];
  /** What the table names, and would take too long together. */
  readonly leftOut: readonly string[];
}

/** So many files with a server or processes run in the time that `quick` may take beside `unit`. */
export const MOST_FILES = 8;

function isTest(path: string): boolean {
  return path.endsWith('.test.ts');
}

/** Every file of tests under this folder. */
export function testsUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(isTest)
    .map((name) => `${folder}/${name}`)
    .toSorted();
}

export function isUnit(test: string): boolean {
  return test.startsWith('test/unit/') || dirname(test) === 'test';
}

export function choose(changed: readonly string[], all: readonly string[], table: Table): Choice {
  const asked = all.filter((test) => changed.some((path) => asksFor(path, test)));
  const rows = [...new Set(changed.flatMap((path) => rowsFor(path, Object.keys(table))))];
  const named = interleaved(rows.map((row) => table[row] ?? []));
  const further = named.filter((test) => !asked.includes(test));
  const chosen = new Set([...all.filter(isUnit), ...asked, ...further.slice(0, MOST_FILES)]);
  return { files: all.filter((test) => chosen.has(test)), leftOut: further.slice(MOST_FILES) };
}

/** A test that changed, one below a folder that was named, or one beside a helper that changed. */
function asksFor(path: string, test: string): boolean {
  if (path.startsWith('test/support')) return false;
  return test === path || test.startsWith(`${path}/`) || dirname(test) === folderOf(path);
}

function folderOf(path: string): string | undefined {
  return path.startsWith('test/') && path.endsWith('.ts') && !isTest(path)
    ? dirname(path)
    : undefined;
}

/** The closest row above a path, and all below it. */
export function rowsFor(path: string, rows: readonly string[]): string[] {
  const below = rows.filter((row) => row.startsWith(`${path}/`));
  const above = rows.filter((row) => path === row || path.startsWith(`${row}/`));
  const closest = above.toSorted((one, other) => other.length - one.length).slice(0, 1);
  return [...closest, ...below];
}

/** The first of each row before the second of any. */
function interleaved(rows: readonly (readonly string[])[]): string[] {
  const longest = Math.max(0, ...rows.map((row) => row.length));
  const inTurn = Array.from({ length: longest }, (_, index) =>
    rows.flatMap((row) => row.slice(index, index + 1)),
  );
  return [...new Set(inTurn.flat())];
}
