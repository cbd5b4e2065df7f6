/**
 * Which tests with a server or processes must run at once when a folder of `src` changes: `npm run quick` reads it. All of `unit`
 * runs with them. The module graph cannot tell, because workers load their workflows by path, and processes their programs.
 * The most telling test comes first: where many folders have changed, the last ones are left to .ci/run.
 */
import type { Table } from './support/quick.ts';

const workflows = (name: string) => `test/server/workflows/${name}.test.ts`;
const gateway = (name: string) => `test/server/gateway/${name}.test.ts`;
const attacks = (name: string) => `test/server/attacks/${name}.test.ts`;
const processes = (name: string) => `test/processes/${name}.test.ts`;

export const affected: Table = {
  src: [processes('cli/command-line'), processes('gateway/process')],
  'src/activities': [
    workflows('redemption'),
    workflows('faults'),
    workflows('resolving'),
    workflows('member-lock'),
  ],
  'src/cli': [
    processes('cli/operator-verbs'),
    processes('cli/command-line'),
    processes('cli/bad-input'),
  ],
  'src/client': [
    workflows('redemption'),
    workflows('operator'),
    'test/server/client/search.test.ts',
    gateway('redemptions'),
  ],
  'src/codec-server': [processes('codec-server/processes')],
  'src/demo': ['test/system/demo/start.test.ts'],
  'src/domain': [
    workflows('follow-ups'),
    workflows('voids'),
    workflows('operator'),
    workflows('ui'),
  ],
  'src/encryption': [
    'test/server/encryption/encrypted-runs.test.ts',
    processes('encryption/rotation'),
  ],
  'src/files': [processes('gateway/process'), processes('encryption/rotation')],
  'src/fulfilment': [workflows('faults'), workflows('voids')],
  'src/gateway': [
    gateway('redemptions'),
    gateway('access'),
    gateway('payment-events'),
    gateway('load'),
    attacks('keys'),
    attacks('members'),
    attacks('integrators'),
  ],
  'src/http': [workflows('faults')],
  'src/local': ['test/system/demo/start.test.ts'],
  'src/loyalty': [workflows('redemption'), workflows('faults'), workflows('resolving')],
  'src/money': [workflows('redemption')],
  'src/notifications': [workflows('notifications')],
  'src/payment': [workflows('deadlines')],
  'src/process': [processes('gateway/process'), processes('cli/command-line')],
  'src/programs': [workflows('redemption'), processes('cli/command-line')],
  'src/sandbox': [workflows('redemption'), processes('sandbox/process')],
  'src/schemas': [gateway('redemptions'), processes('cli/bad-input')],
  'src/temporal': [
    workflows('bare-server'),
    processes('worker/first-sale'),
    processes('gateway/process'),
  ],
  'src/worker': [
    workflows('redemption'),
    workflows('member-lock'),
    processes('worker/killed-worker'),
  ],
  'src/workflows': [
    workflows('voids'),
    workflows('redemption'),
    workflows('faults'),
    workflows('deadlines'),
    workflows('resolving'),
    workflows('follow-ups'),
  ],
};
