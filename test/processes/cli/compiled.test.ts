/** The command line in a checkout of its own, where it has never been compiled. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const project = fileURLToPath(new URL('../../../', import.meta.url));
const sources = 'src/cli/create-cli.ts';

let folder: string;
const cache = () => join(folder, '.cache', 'starter');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'points-redemption-'));
  for (const name of ['src', 'scripts/starter', 'package.json', 'tsconfig.json'])
    await cp(join(project, name), join(folder, name), { recursive: true });
  await symlink(join(project, 'node_modules'), join(folder, 'node_modules'));
});
afterEach(() => rm(folder, { recursive: true }));

function starter(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return node(join(folder, 'scripts/starter/main.mjs'), ...args);
}

function node(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const environment = { ...process.env, NO_COLOR: '1', TEMPORAL_ADDRESS: '127.0.0.1:1' };
    execFile(process.execPath, args, { env: environment }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
  });
}

async function change(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(join(folder, file), 'utf8');
  expect(text).toContain(from);
  await writeFile(join(folder, file), text.replace(from, to));
}

describe('the compiled command line', () => {
  it('works at once, without a build, and is compiled once', async () => {
    expect(await starter('--help')).toMatchObject({ code: 0, stderr: '' });
    const [version, ...others] = await readdir(cache());
    expect(others).toEqual([]);
    const status = await starter('status', '--program', 'coffee-club', '--id', 'S1');
    expect(status).toMatchObject({ code: 1, stdout: '' });
    expect(status.stderr).toMatch(/^Temporal is not reachable at 127\.0\.0\.1:1: .*\n$/);
    expect(await readdir(cache())).toEqual([version]);
  });

  it('is loaded with the code that V8 kept', async () => {
    await starter('--help');
    const [version = ''] = await readdir(cache());
    const ask = `
      import { load, readCompiled } from ${JSON.stringify(join(folder, 'scripts/starter/compiled.mjs'))};
      const { script } = load(readCompiled(${JSON.stringify(join(cache(), version))}));
      process.stdout.write(String(script.cachedDataRejected));`;
    expect(await node('--input-type=module', '--eval', ask)).toMatchObject({ stdout: 'false' });
  });

  it('follows its sources', async () => {
    await starter('--help');
    await change(sources, 'Redeems loyalty points', 'Spends loyalty points');
    expect((await starter('--help')).stdout).toContain('Spends loyalty points');
    await change(sources, 'Spends loyalty points', 'Redeems loyalty points');
    expect((await starter('--help')).stdout).toContain('Redeems loyalty points');
    expect(await readdir(cache())).toHaveLength(2);
  });

  it('may be called by several at once before it was compiled', async () => {
    const calls = await Promise.all(Array.from({ length: 4 }, () => starter('--help')));
    for (const call of calls) expect(call).toMatchObject({ code: 0, stderr: '' });
    expect(await readdir(cache())).toHaveLength(1);
  });

  it('runs uncompiled where nothing can be written', async () => {
    // A file in the place of the folder stops root, too, whom a read-only folder does not.
    await writeFile(join(folder, '.cache'), '');
    const { code, stdout, stderr } = await starter('redeem', '--json');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ error: 'invalid-request' });
  });

  it('shows the place of a bug in the TypeScript', async () => {
    await change(
      'src/cli/till-actions.ts',
      'export async function status(',
      "export async function status(_: unknown) {\n  throw new TypeError('a bug');\n}\nexport async function old(",
    );
    const { code, stdout, stderr } = await starter('status', '--program', 'p', '--id', 'S1');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const lines = (await readFile(join(folder, 'src/cli/till-actions.ts'), 'utf8')).split('\n');
    const line = lines.findIndex((text) => text.includes("'a bug'")) + 1;
    expect(stderr).toContain(
      `TypeError: a bug\n    at Object.status (${folder}/src/cli/till-actions.ts:${line}:`,
    );
  });

  it('loads no client of Temporal for help or a mistyped option', async () => {
    await change('src/cli/connected.ts', 'import', "throw new Error('loaded');\nimport");
    expect(await starter('redeem', '--help')).toMatchObject({ code: 0, stderr: '' });
    const { stderr } = await starter('list', '--pionts', '5');
    expect(stderr).toContain("unknown option '--pionts'");
  });
});
