/** The checker of documents, with faults planted into a folder of its own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { faultsIn, wordsIn } from '../../../scripts/docs.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'points-redemption-docs-'));
  write('README.md', 'word '.repeat(800));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

const faults = () => faultsIn(folder).map(({ file, line, what }) => `${file}:${line} ${what}`);

it('finds nothing where all is right', () => {
  write('docs/a.md', `# A b\n\n[c](#a-b) [d](../README.md) [e](https://a.example/b) a.md\n`);
  write('src/a.ts', `// See docs/a.md, src/*.ts and src/<name>.ts.\n`);
  expect(faults()).toEqual([]);
});

it.each([
  [699, ['README.md:1 has 699 words, not 700 to 900']],
  [700, []],
  [900, []],
  [901, ['README.md:1 has 901 words, not 700 to 900']],
])('a README of %d words', (words, found) => {
  write('README.md', `# ${'word '.repeat(words)}\n\n\`\`\`sh\nnot counted\n\`\`\`\n`);
  expect(faults()).toEqual(found);
});

it('counts what is read: no code block, no table line, no address', () => {
  expect(wordsIn('| [two words](a/b.c) | x |\n| --- | --- |\n')).toBe(3);
});

it('finds a dead link and a dead anchor, each with its place', () => {
  write('docs/a.md', `# A\n\n[b](missing/)\n[c](#b)\n[d](../README.md#e)\n`);
  expect(faults()).toEqual([
    'docs/a.md:3 links to missing/: there is no docs/missing',
    'docs/a.md:4 links to #b: docs/a.md has no such heading',
    'docs/a.md:5 links to ../README.md#e: README.md has no such heading',
  ]);
});

it('knows the anchors of equal headings, and of those with code and marks', () => {
  write('docs/a.md', '# A\n## A\n## `b` & c\n[1](#a) [2](#a-1) [3](#b--c) [4](#a-2)\n');
  expect(faults()).toEqual(['docs/a.md:4 links to #a-2: docs/a.md has no such heading']);
});

it('leaves links in code alone', () => {
  write('docs/a.md', '`[a](b)`\n\n```ts\nconst a = [1](2);\n```\n');
  expect(faults()).toEqual([]);
});

it('finds a missing file that a document names, also in its commands', () => {
  write('docs/a.md', `design.md\n\n\`\`\`sh\nnpm test -- test/missing\n\`\`\`\n`);
  expect(faults()).toEqual([
    'docs/a.md:4 names test/missing, which is not there',
    'docs/a.md:1 names design.md, which is not there',
  ]);
});

it('finds a missing file that a comment names, and a missing document in a message', () => {
  write(
    'src/a.ts',
    `const made = 'src/made.ts';\n/** As src/missing.ts. */\nsay('see docs/missing.md');\n`,
  );
  expect(faults()).toEqual([
    'src/a.ts:2 names src/missing.ts, which is not there',
    'src/a.ts:3 names docs/missing.md, which is not there',
  ]);
});
