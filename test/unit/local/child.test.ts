import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChild } from '../../../src/local/child.ts';

function node(script: string) {
  return startChild({
    name: 'the example',
    command: process.execPath,
    args: ['--eval', script],
  });
}

describe('a child process', () => {
  it('is ready once it says so, and stops when it is told to', async () => {
    const child = node("console.log('ready at last'); setInterval(() => {}, 1000)");
    await child.saw('ready', 20_000);
    await child.stop();
  });

  it('is killed without being asked', async () => {
    const child = node(
      "process.on('SIGTERM', () => {}); console.log('ready'); setInterval(() => {}, 1000)",
    );
    await child.saw('ready', 20_000);
    await child.kill();
  });

  it('that dies is named, with its last lines', async () => {
    const child = node("console.log('this went wrong'); process.exitCode = 3");
    await expect(child.ended).rejects.toThrow(
      'The example ended by itself (exit code 3). Its last lines:\nthis went wrong',
    );
  });

  it('that dies before it is ready does not keep anybody waiting', async () => {
    const child = node('process.exitCode = 3');
    await expect(child.saw('ready', 20_000)).rejects.toThrow('The example ended by itself');
  });

  it('that never becomes ready is given up', async () => {
    const child = node('setInterval(() => {}, 1000)');
    await expect(child.saw('ready', 100)).rejects.toThrow('The example was not ready after 100ms');
    await child.stop();
  });

  it('that cannot be started says why', async () => {
    const child = startChild({ name: 'the example', command: '/no/such/program', args: [] });
    await expect(child.ended).rejects.toThrow('The example could not be started');
    await child.stop();
  });
});

describe('children whose parent is killed', () => {
  let folder: string;
  let story: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'points-redemption-'));
    story = join(folder, 'story');
    writeFileSync(story, '');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Says when it is asked to end, and when it does. */
  const child = (name: string) => `
    const { appendFileSync } = require('node:fs');
    const tell = (what) => appendFileSync('${story}', '${name} ' + what + '\\n');
    process.on('SIGTERM', () => { tell('is asked'); setTimeout(() => { tell('ends'); process.exit(); }, 300); });
    console.log('ready');
    setInterval(() => {}, 1000);`;

  const parent = () => `
    import { startChild } from './src/local/child.ts';
    for (const [name, script] of ${JSON.stringify(['first', 'second', 'third'].map((name) => [name, child(name)]))}) {
      const started = startChild({ name, command: process.execPath, args: ['--eval', script] });
      await started.saw('ready', 20_000);
    }
    console.log('all are ready');`;

  it('end one after the other, the last one first', async () => {
    const killed = spawn(
      process.execPath,
      ['--import', 'tsx', '--input-type', 'module', '--eval', parent()],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await once(killed.stdout, 'data');
    killed.kill('SIGKILL');
    const expected = ['third', 'second', 'first'].flatMap((name) => [
      `${name} is asked`,
      `${name} ends`,
    ]);
    await expect
      .poll(() => readFileSync(story, 'utf8').trim().split('\n'), { timeout: 10_000 })
      .toEqual(expected);
  });
});
