import { describe, expect, it } from 'vitest';
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
    await expect(child.saw('ready', 100)).rejects.toThrow('The example was not ready after 0.1 s');
    await child.stop();
  });

  it('that cannot be started says why', async () => {
    const child = startChild({ name: 'the example', command: '/no/such/program', args: [] });
    await expect(child.ended).rejects.toThrow('The example could not be started');
    await child.stop();
  });
});
