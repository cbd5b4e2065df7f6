/** `npm run quick` is honest only while every folder and every test has its place. */
import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { affected } from '../affected.ts';
import { projects } from '../projects.ts';
import { choose, isUnit, MOST_FILES, rowsFor, testsUnder } from '../support/quick.ts';

const all = testsUnder('test');
const folders = readdirSync('src', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => `src/${name}`);

describe('the table of what a change affects', () => {
  it('has a row for each folder of src, and for nothing else', () => {
    expect(Object.keys(affected).toSorted()).toEqual(['src', ...folders].toSorted());
  });

  it.each(Object.entries(affected))('names tests that are there, for %s', (_, tests) => {
    expect(tests.length).toBeGreaterThan(0);
    for (const test of tests) expect(all).toContain(test);
  });

  it.each(Object.entries(affected))(
    'names no test that runs anyway, and few, for %s',
    (_, tests) => {
      expect(tests.filter(isUnit)).toEqual([]);
      expect(tests.length).toBeLessThanOrEqual(MOST_FILES);
    },
  );
});

it('every test file is in one project', () => {
  const patterns = Object.values(projects).flat();
  const homes = (test: string) => patterns.filter((pattern) => matches(pattern, test));
  const elsewhere = ['src', 'bench', 'scripts'].flatMap(testsUnder);
  for (const test of [...all, ...elsewhere]) expect(homes(test), test).toHaveLength(1);
});

/** The two kinds of pattern that are used: of one folder, and of all below it. */
function matches(pattern: string, test: string): boolean {
  const [folder = ''] = pattern.split('*');
  const rest = test.slice(folder.length);
  return test.startsWith(folder) && (pattern.includes('**') || !rest.includes('/'));
}

describe('the tests that quick runs', () => {
  const chosen = (...changed: string[]) => choose(changed, all, affected).files;
  const units = all.filter(isUnit);

  it('are those of unit alone when nothing of src has changed', () => {
    expect(chosen('docs/internals/architecture.md', 'bench/main.ts')).toEqual(units);
  });

  it('are also those of the closest row, for a file or a folder of src', () => {
    const own = [...(affected['src/workflows'] ?? [])].toSorted();
    for (const path of ['src/workflows', 'src/workflows/redemption.ts'])
      expect(chosen(path).filter((test) => !isUnit(test))).toEqual(own);
    expect(
      rowsFor('src/loyalty/loyalife/client.ts', ['src', 'src/loyalty', 'src/loyalty/loyalife']),
    ).toEqual(['src/loyalty/loyalife']);
    expect(rowsFor('src/worker.ts', Object.keys(affected))).toEqual(['src']);
  });

  it('are also the tests that changed, and those beside a helper that changed', () => {
    expect(chosen('test/system/cost/cost.test.ts')).toContain('test/system/cost/cost.test.ts');
    expect(chosen('test/system/chaos/run.ts')).toContain('test/system/chaos/chaos.test.ts');
    expect(chosen('test/server/client')).toContain('test/server/client/search.test.ts');
  });

  it('are no more than fit, the first of each row before the second of any, and the rest is told', () => {
    const { files, leftOut } = choose(['src'], all, affected);
    expect(files.filter((test) => !isUnit(test))).toHaveLength(MOST_FILES);
    for (const folder of ['src', 'src/activities', 'src/cli'])
      expect(files).toContain(affected[folder]?.[0]);
    const named = new Set(Object.values(affected).flat());
    expect(leftOut).toHaveLength(named.size - MOST_FILES);
  });

  it('are there', () => {
    for (const test of chosen('src')) expect(existsSync(test)).toBe(true);
  });
});
