/**
 * Has the SDK download one of Temporal's executables: `node sdk-download.mjs local|time-skipping VERSION FOLDER`. Not tested
 * here: this project was built where the SDK's host cannot be reached, and there this fails at once, as it should.
 */
import { TestWorkflowEnvironment } from '@temporalio/testing';

const [kind, version, downloadDir] = process.argv.slice(2);
if (version === undefined || downloadDir === undefined)
  throw new Error('VERSION and FOLDER are missing');

// The SDK has no limit for its connection: where packets are dropped rather than refused, this has.
await fetch('https://temporal.download', { method: 'HEAD', signal: AbortSignal.timeout(5_000) });

const server = {
  executable: { type: /** @type {const} */ ('cached-download'), version, downloadDir },
};
const environment =
  kind === 'local'
    ? await TestWorkflowEnvironment.createLocal({ server })
    : await TestWorkflowEnvironment.createTimeSkipping({ server });
await environment.teardown();
