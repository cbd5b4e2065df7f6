/**
 * Who may import whom, types included. A folder imports from the folders above it in this table, never from its own line's
 * neighbours and never from below. docs/internals/architecture.md says what each folder is about.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { posix, sep } from 'node:path';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';

const LAYERS: readonly (readonly string[])[] = [
  ['schemas'],
  ['files', 'http', 'domain'],
  ['money', 'payment', 'fulfilment', 'notifications'],
  ['loyalty'],
  ['programs'],
  ['encryption', 'activities', 'sandbox'],
  ['workflows', 'codec-server'],
  ['temporal'],
  ['client', 'worker'],
  ['gateway'],
  ['process'],
  ['cli', 'local'],
  ['demo'],
];

/** One file a process, and the package. Nobody imports them. */
const ROOT = ['worker', 'starter', 'gateway', 'codec-server', 'sandbox', 'index'];

/** Rules that are narrower than the table. */
const SPECIAL: readonly {
  readonly from: RegExp;
  readonly to: RegExp;
  readonly kind?: 'value';
  readonly unless?: RegExp;
  readonly because: string;
}[] = [
  {
    from: /^src\/domain\//,
    to: /./,
    kind: 'value',
    unless: /^src\/domain\//,
    because: 'domain/ is bundled into every workflow: it takes no values from elsewhere',
  },
  {
    from: /^src\/workflows\//,
    to: /./,
    kind: 'value',
    unless: /^(src\/workflows\/|src\/domain\/|@temporalio\/workflow$|@temporalio\/common$)/,
    because:
      'workflow code is replayed: it takes values from @temporalio/workflow, @temporalio/common, itself and domain/',
  },
  {
    from: /^src\/(?!workflows\/)/,
    to: /^src\/workflows\//,
    kind: 'value',
    unless: /^src\/workflows\/(search-attributes|versions)\.ts$/,
    because: 'the workflows lend out only the values of search-attributes and versions',
  },
  {
    from: /^src\/(loyalty|payment|fulfilment|notifications)\//,
    to: /^@temporalio\//,
    because: 'an adapter knows its service and nothing of Temporal',
  },
  {
    from: /^src\/(?!sandbox(\/|\.ts$))/,
    to: /^src\/sandbox\//,
    because: 'only the process src/sandbox.ts starts the sandbox; everybody else asks it over HTTP',
  },
  {
    from: /^src\/sandbox\//,
    to: /^(src\/|@temporalio\/)/,
    unless: /^src\/(sandbox|schemas|domain)\/|^src\/programs\/sandbox\.ts$/,
    because: 'the sandbox is written from the contracts, never from the code that it tests',
  },
  {
    from: /^src\/loyalty\/white-label-loyalty\//,
    to: /^src\/loyalty\/loyalife\//,
    because: 'a provider is one folder',
  },
  {
    from: /^src\/loyalty\/loyalife\//,
    to: /^src\/loyalty\/white-label-loyalty\//,
    because: 'a provider is one folder',
  },
];

interface Import {
  readonly from: string;
  /** A path below `src`, or the name of a package. */
  readonly to: string;
  readonly isType: boolean;
}

type Sources = ReadonlyMap<string, string>;

describe('the architecture', () => {
  it('is kept by every import in src', () => {
    expect(violations(sources())).toEqual([]);
  });

  it('has no room for an upward import, type or value', () => {
    const complaints = violations(
      planted({ 'src/money/money.ts': "import type { X } from '../client/answer.ts';" }),
    );
    expect(complaints).toContain(
      'src/money/money.ts imports src/client/answer.ts, which is above it: move src/money/money.ts to client/ or above, or what it needs of src/client/answer.ts to money/ or below.',
    );
  });

  it('has no room for a cycle of types', () => {
    const complaints = violations(
      planted({
        'src/money/a.ts': "import type { B } from './b.ts'; export type A = B;",
        'src/money/b.ts': "import { type A } from './a.ts'; export type B = A;",
      }),
    );
    expect(complaints).toContain(
      'src/money/a.ts → src/money/b.ts → src/money/a.ts is a cycle: move what they share to a file of its own.',
    );
  });

  it('says where a file belongs that was put into a wrong folder', () => {
    const all = sources();
    const misplaced = new Map(all);
    const file = 'src/loyalty/calls.ts';
    misplaced.delete(file);
    misplaced.set('src/gateway/calls.ts', all.get(file) ?? '');
    for (const [path, text] of misplaced)
      if (path.startsWith('src/loyalty/'))
        misplaced.set(path, text.replaceAll('../calls.ts', '../../gateway/calls.ts'));
    expect(violations(misplaced)).toContain(
      'src/loyalty/loyalife/client.ts imports src/gateway/calls.ts, which is above it: move src/loyalty/loyalife/client.ts to gateway/ or above, or what it needs of src/gateway/calls.ts to loyalty/ or below.',
    );
  });

  it.each([
    [
      'src/helpers.ts',
      '',
      'src/helpers.ts: the root of src holds one file a process and the package: move it into the folder of its subject.',
    ],
    [
      'src/utils/text.ts',
      '',
      'src/utils/text.ts: utils/ has no line in the table of test/architecture.test.ts: move it into the folder of its subject, or give the folder a line.',
    ],
    [
      'src/workflows/new.ts',
      "import { Decimal } from 'decimal.js';",
      'src/workflows/new.ts imports decimal.js, but workflow code is replayed: it takes values from @temporalio/workflow, @temporalio/common, itself and domain/.',
    ],
    [
      'src/sandbox/new.ts',
      "import type { Ask } from '../loyalty/provider.ts';",
      'src/sandbox/new.ts imports src/loyalty/provider.ts, but the sandbox is written from the contracts, never from the code that it tests.',
    ],
    [
      'src/demo/new.ts',
      "import { x } from '../sandbox/server.ts';",
      'src/demo/new.ts imports src/sandbox/server.ts, but only the process src/sandbox.ts starts the sandbox; everybody else asks it over HTTP.',
    ],
    [
      'src/demo/new.ts',
      "const x = await import('../worker.ts');",
      'src/demo/new.ts imports src/worker.ts, which is a process: move what it needs into a folder.',
    ],
  ])('names %s', (path, text, complaint) => {
    expect(violations(planted({ [path]: text }))).toContain(complaint);
  });
});

function sources(): Sources {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[jt]s$/.test(file))
    .map((file) => posix.join('src', ...file.split(sep)));
  return new Map(files.sort().map((file) => [file, readFileSync(file, 'utf8')]));
}

function planted(files: Readonly<Record<string, string>>): Sources {
  return new Map([...sources(), ...Object.entries(files)]);
}

function violations(files: Sources): string[] {
  const imports = [...files].flatMap(([file, text]) => importsOf(file, text));
  return [
    ...[...files.keys()].flatMap(misplaced),
    ...imports.flatMap(complaintsAbout),
    ...cycles(imports),
  ];
}

function importsOf(file: string, text: string): Import[] {
  const { staticImports, staticExports, dynamicImports } = parseSync(file, text).module;
  const at = (specifier: string) =>
    specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : specifier;
  return [
    ...staticImports.map(({ moduleRequest, entries }) => ({
      from: file,
      to: at(moduleRequest.value),
      isType: entries.length > 0 && entries.every(({ isType }) => isType),
    })),
    ...staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest, isType }) =>
        moduleRequest === null ? [] : [{ from: file, to: at(moduleRequest.value), isType }],
      ),
    ),
    ...dynamicImports.map(({ moduleRequest }) => ({
      from: file,
      to: at(text.slice(moduleRequest.start + 1, moduleRequest.end - 1)),
      isType: false,
    })),
  ];
}

function misplaced(file: string): string[] {
  const folder = folderOf(file);
  if (folder === undefined)
    return ROOT.includes(file.replace(/^src\/(.*)\.ts$/, '$1'))
      ? []
      : [
          `${file}: the root of src holds one file a process and the package: move it into the folder of its subject.`,
        ];
  return LAYERS.flat().includes(folder)
    ? []
    : [
        `${file}: ${folder}/ has no line in the table of test/architecture.test.ts: move it into the folder of its subject, or give the folder a line.`,
      ];
}

function complaintsAbout(found: Import): string[] {
  const { from, to, isType } = found;
  const special = SPECIAL.filter(
    (rule) =>
      rule.from.test(from) &&
      rule.to.test(to) &&
      !(rule.kind === 'value' && isType) &&
      rule.unless?.test(to) !== true,
  ).map(({ because }) => `${from} imports ${to}, but ${because}.`);
  return [...special, ...upward(found)];
}

function upward({ from, to }: Import): string[] {
  if (!to.startsWith('src/')) return [];
  const [lower, upper] = [folderOf(from), folderOf(to)];
  if (upper === undefined)
    return [`${from} imports ${to}, which is a process: move what it needs into a folder.`];
  if (lower === undefined || lower === upper || rankOf(upper) < rankOf(lower)) return [];
  const where = rankOf(upper) === rankOf(lower) ? 'beside' : 'above';
  return [
    `${from} imports ${to}, which is ${where} it: move ${from} to ${upper}/ or above, or what it needs of ${to} to ${lower}/ or below.`,
  ];
}

/** Each cycle once, from the file of it that comes first by name. */
function cycles(imports: readonly Import[]): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports)
    if (to.startsWith('src/')) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const path: string[] = [];
  const found = new Set<string>();
  const visit = (file: string): void => {
    const start = path.indexOf(file);
    if (start >= 0) found.add(described(path.slice(start)));
    if (start >= 0 || done.has(file)) return;
    path.push(file);
    for (const to of next.get(file) ?? []) visit(to);
    path.pop();
    done.add(file);
  };
  for (const file of [...next.keys()].sort()) visit(file);
  return [...found];
}

function described(cycle: readonly string[]): string {
  const first = cycle.indexOf([...cycle].sort()[0] ?? '');
  const turned = [...cycle.slice(first), ...cycle.slice(0, first)];
  return `${[...turned, turned[0]].join(' → ')} is a cycle: move what they share to a file of its own.`;
}

/** `undefined` for a file at the root. */
function folderOf(file: string): string | undefined {
  return /^src\/([^/]+)\//.exec(file)?.[1];
}

function rankOf(folder: string): number {
  return LAYERS.findIndex((line) => line.includes(folder));
}
