/** Schemathesis, out of PyPI into a virtual environment in `.cache/`. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exclusively } from './lock.mjs';
import { cacheFolder, findOnPath, lastLines, run, SetupError, step } from './run.mjs';

const VERSION = '4.32.5';
const LIMIT_MS = 5 * 60_000;
const folder = join(cacheFolder, `schemathesis-${VERSION}`);
const done = join(folder, 'installed');
const [bin, ending] = process.platform === 'win32' ? ['Scripts', '.exe'] : ['bin', ''];

/** @returns {Promise<string>} the path of its command */
export async function findSchemathesis() {
  const path = join(folder, bin, `schemathesis${ending}`);
  if (existsSync(done)) return path;
  await exclusively(async () => {
    if (existsSync(done)) return;
    await step(`Installing Schemathesis ${VERSION}`, install);
  });
  return path;
}

async function install() {
  const python = findOnPath(`python3${ending}`) ?? findOnPath(`python${ending}`);
  if (python === undefined)
    throw new SetupError(
      'Schemathesis needs Python, and there is none: install python3 (3.10 or newer) with venv and pip, and run this again.',
    );
  // An environment knows its own path, so it cannot be made elsewhere and moved here.
  rmSync(folder, { recursive: true, force: true });
  const environment = await run(python, ['-m', 'venv', folder], { limitMs: LIMIT_MS });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  const { code, output } =
    environment.code === 0
      ? await run(join(folder, bin, `python${ending}`), [...pip, `schemathesis==${VERSION}`], {
          limitMs: LIMIT_MS,
        })
      : environment;
  // Written last: without it an installation was interrupted.
  if (code === 0) return writeFileSync(done, '');
  throw new SetupError(
    `Schemathesis could not be installed: make sure that "python3 -m venv" works (Python 3.10 or newer; on Debian the package python3-venv) and that PyPI can be reached, and run this again.\n${lastLines(output)}`,
  );
}
