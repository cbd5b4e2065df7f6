/** `npm run fuzz`: Schemathesis over the gateway's own OpenAPI, with every check. Exit code 0 when nothing was found. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeAccessKeys } from '../../../src/gateway/access-key-file.ts';
import { newKey } from '../../../src/gateway/access-keys.ts';
import { runProcess } from '../../../src/process/run.ts';
import { startStack } from '../../support/stack.ts';

const LEAST_CASES = 2_000;
const EXAMPLES_FOR_EACH_OPERATION = 200;
/** The sandbox's member in the document's examples. */
const MEMBER = 'member-1';

await runProcess(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'points-redemption-fuzz-'));
  const log = join(folder, 'gateway.log');
  const { secret, hash } = newKey();
  const keys = join(folder, 'keys.json');
  const scopes = ['quote', 'redeem', 'read', 'payments', 'operate'];
  writeAccessKeys(keys, [
    {
      id: 'fuzz',
      scopes,
      hashes: [hash],
      requestsPerMinute: Number.MAX_SAFE_INTEGER,
      memberRequestsPerMinute: Number.MAX_SAFE_INTEGER,
    },
  ]);

  const stack = await startStack();
  const worker = await stack.startWorker();
  const gateway = await stack.startGateway({ GATEWAY_ACCESS_KEYS: keys }, log);
  const { code, output } = await schemathesis(gateway.origin, secret, folder);
  await gateway.child.stop();
  await worker.stop();
  await stack.stop();

  const faults = [
    ...(code === 0 ? [] : ['Schemathesis found failures']),
    ...(casesIn(output) < LEAST_CASES ? [`fewer than ${LEAST_CASES} cases were made`] : []),
    ...(readFileSync(log, 'utf8').includes(MEMBER) ? [`the gateway's log names a member`] : []),
  ];
  process.stdout.write(`fuzz: ${faults.length === 0 ? 'all is well' : faults.join(', ')}\n`);
  if (faults.length === 0) rmSync(folder, { recursive: true });
  else process.stdout.write(`The gateway's log is ${log}\n`);
  process.exitCode = faults.length === 0 ? 0 : 1;
});

/** In a folder of its own, settings included, because it keeps what it learned beside them. */
async function schemathesis(
  origin: string,
  key: string,
  folder: string,
): Promise<{ code: unknown; output: string }> {
  const path = process.env['SCHEMATHESIS_PATH'];
  if (path === undefined) throw new Error('SCHEMATHESIS_PATH is not set: run this by npm run fuzz');
  const config = join(folder, 'schemathesis.toml');
  copyFileSync('schemathesis.toml', config);
  const words = ['--config-file', config, 'run', `${origin}/openapi.json`];
  words.push('--header', `Authorization: Bearer ${key}`, '--request-timeout', '20');
  words.push('--checks', 'all', '--max-examples', String(EXAMPLES_FOR_EACH_OPERATION));
  words.push('--continue-on-failure', '--no-color', ...process.argv.slice(2));
  const child = spawn(path, words, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    process.stdout.write(chunk);
  });
  const [code] = (await once(child, 'close')) as [unknown];
  return { code, output };
}

/** From its summary: "2345 generated". */
function casesIn(output: string): number {
  return Number(/(\d+) generated/.exec(output)?.[1] ?? 0);
}
