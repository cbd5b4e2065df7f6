import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';

describe('npm start -- --once', () => {
  it('takes a sale through each ending of both programs, and finds every balance right', async () => {
    const demonstration = spawn(
      process.execPath,
      ['--import', 'tsx', 'src/demo/start.ts', '--once'],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const [output, [exitCode]] = await Promise.all([
      text(demonstration.stdout),
      once(demonstration, 'close'),
    ]);
    expect(output).toMatch(/^REDEMPTION_API_KEY=prk_[\w-]{43}$/m);
    expect(output).toContain('Every balance is right');
    expect(output.match(/ right$/gm)).toHaveLength(10);
    expect(exitCode).toBe(0);
  });
});
