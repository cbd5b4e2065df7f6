import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const file = readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8');

/** Compose v1 is a command of its own, v2 a plugin of docker. */
const composeCommands = [['docker-compose'], ['docker', 'compose']] as const;

function compose(...args: string[]) {
  for (const [command, ...first] of composeCommands)
    if (spawnSync(command, [...first, 'version']).status === 0)
      return spawnSync(command, [...first, ...args], { encoding: 'utf8' });
  return undefined;
}

describe('docker-compose.yml', () => {
  it('is accepted by Compose', (context) => {
    const answer = compose('config', '--services');
    if (answer === undefined)
      return context.skip('NOT CHECKED: install docker-compose, or the compose plugin of docker');
    expect(answer.stderr).toBe('');
    expect(answer.stdout.trim().split('\n').sort()).toEqual([
      'codec-server',
      'gateway',
      'gateway-key',
      'postgresql',
      'sandbox',
      'temporal',
      'temporal-namespace',
      'temporal-schema',
      'temporal-ui',
      'worker',
    ]);
  });

  it('opens no port to other machines', () => {
    const ports = [...file.matchAll(/^ +- (\S+:\d+)$/gm)].map(([, port]) => port);
    expect(ports).toEqual([
      '127.0.0.1:7233:7233',
      '127.0.0.1:8233:8080',
      '127.0.0.1:8088:8088',
      '127.0.0.1:4010:4010',
      '127.0.0.1:8080:8080',
    ]);
  });

  it('pins the version of every image from elsewhere', () => {
    const images = [...file.matchAll(/^ +image: (\S+)$/gm)].map(([, image]) => image);
    expect(images.filter((image) => !/:\d+\.\d+(\.\d+)?$/.test(image ?? ''))).toEqual([
      'points-redemption',
      'points-redemption',
      'points-redemption',
      'points-redemption',
      'points-redemption',
    ]);
  });
});
