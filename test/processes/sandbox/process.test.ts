import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

function start(environment: Record<string, string>) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/sandbox.ts'], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const written = { out: '', error: '' };
  child.stdout.on('data', (chunk: Buffer) => (written.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (written.error += chunk.toString()));
  const origin = once(child.stdout, 'data').then(() => written.out.trim().split(' ').at(-1));
  return { child, written, origin, exit: once(child, 'close') };
}

describe('the process of the sandbox', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'says where it listens and stops cleanly on %s',
    { timeout: 20_000 },
    async (signal) => {
      const { child, written, origin, exit } = start({ SANDBOX_PORT: '0' });
      expect((await fetch(`${await origin}/healthz`)).status).toBe(200);
      expect(written.out).toMatch(/^The sandbox listens on http:\/\/127\.0\.0\.1:\d+\n$/);
      child.kill(signal);
      expect(await exit).toEqual([0, null]);
      expect(written.error).toBe('');
    },
  );

  it('knows after a kill what it answered before', { timeout: 20_000 }, async () => {
    const directory = mkdtempSync(join(tmpdir(), 'sandbox-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const settings = { SANDBOX_PORT: '0', SANDBOX_DATA: join(directory, 'journal') };
    const first = start(settings);
    const spend = { program: 'coffee-club', memberId: 'member-1', points: 30 };
    const answer = await fetch(`${await first.origin}/spend`, {
      method: 'POST',
      body: JSON.stringify(spend),
    });
    expect(answer.status).toBe(201);
    first.child.kill('SIGKILL');
    expect(await first.exit).toEqual([null, 'SIGKILL']);
    const second = start(settings);
    const ledger = await fetch(`${await second.origin}/ledger?program=coffee-club&member=member-1`);
    expect(await ledger.json()).toMatchObject({
      members: [{ points: 99_970 }],
      movements: [{ points: -30 }],
    });
  });

  it('says in one sentence that its port is in use', { timeout: 20_000 }, async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { written, exit } = start({ SANDBOX_PORT: String(port) });
    expect(await exit).toEqual([1, null]);
    expect(written.error).toBe(
      `SANDBOX_PORT is ${port}, but another process already listens there: stop that process, or choose another port.\n`,
    );
  });
});
