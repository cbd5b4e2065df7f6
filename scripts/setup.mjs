/** Everything that `npm start` and `npm test` need on a bare checkout, once; where it is there already, this is silent. */
import { installDependencies } from './dependencies.mjs';
import { SetupError } from './run.mjs';
import { findTemporalCli, findTestServer } from './temporal.mjs';

/**
 * @param {{ testServer?: boolean }} [options]
 * @returns {Promise<{ temporal: string, testServer?: string }>} the paths of Temporal's executables
 * @throws {SetupError} with a sentence that says what to do
 */
export async function setUp(options = {}) {
  await setUpPackages();
  const temporal = await findTemporalCli();
  return options.testServer === true
    ? { temporal, testServer: await findTestServer() }
    : { temporal };
}

/** The npm packages alone. */
export async function setUpPackages() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    throw new SetupError(
      `This is Node ${process.versions.node}, and 20.19 or newer is needed: install one from https://nodejs.org.`,
    );
  await installDependencies();
}
