/** `npm run quick`: the tests that a change is most likely to break, in under two minutes. */
import { Command } from 'commander';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { binary, runNode } from '../scripts/run.mjs';
import { affected } from './affected.ts';
import { choose, testsUnder } from './support/quick.ts';

const MAIN_BRANCHES = ['origin/main', 'main'];

const command = new Command('npm run quick --')
  .description(
    'Runs the tests that a change is most likely to break: all that need no server, those that test/affected.ts names for the changed folders of src, and the tests that changed themselves. It says what it left out, which .ci/run runs.',
  )
  .argument(
    '[paths...]',
    'files or folders of src, or tests; without one, what differs from the main branch',
  )
  .parse();

const named = command.args.map((path) => relative('.', path).replaceAll('\\', '/'));
const missing = named.filter((path) => !existsSync(path));
if (missing.length > 0)
  command.error(
    `There is no ${missing.join(', and no ')}: name files or folders of this project, such as src/workflows.`,
  );

const changed = named.length > 0 ? named : changedPaths();
const all = testsUnder('test');
const { files, leftOut } = choose(changed, all, affected);
process.exitCode = await runNode([binary('vitest'), 'run', ...files]);
process.stdout.write(
  [
    `quick: ${files.length} of ${all.length} files; .ci/run runs all.`,
    ...(leftOut.length === 0 ? [] : ['Named by test/affected.ts, and left out for time:']),
    ...leftOut.map((test) => `  ${test}`),
    '',
  ].join('\n'),
);

/** Of this branch and of the working copy, what git ignores left out. */
function changedPaths(): string[] {
  return [
    ...git('diff', '--name-only', '--relative', baseOfBranch()),
    ...git('ls-files', '--others', '--exclude-standard'),
  ];
}

/** Where this branch left the main one; on that one itself, or where there is none, its last commit. */
function baseOfBranch(): string {
  const main = MAIN_BRANCHES.find(
    (branch) => git('branch', '--all', '--list', branch, `remotes/${branch}`).length > 0,
  );
  return (main === undefined ? [] : git('merge-base', 'HEAD', main))[0] ?? 'HEAD';
}

function git(...args: string[]): string[] {
  const output = execFileSync('git', args, { encoding: 'utf8' });
  return output.split('\n').filter((line) => line !== '');
}
