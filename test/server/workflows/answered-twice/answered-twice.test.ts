/** Every reason to wait for an operator, answered twice by every act: no answer wedges a run, and each leads where it should. */
import pMap from 'p-map';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { attentionReasons } from '../../../../src/domain/statuses.ts';
import { openTestEnvironment, type TestEnvironment } from '../../../support/environment.ts';
import { openLanes, pathsFrom, programOf, walk, type Lane } from './drive.ts';
import { oracle, reasonOf, type Standing } from './oracle.ts';
import { scenes } from './scenes.ts';

const LIMIT_MS = 300_000;
/** Most of them wait. */
const SALES_AT_ONCE = 16;

let lanes: Lane[] = [];
let env: TestEnvironment;

beforeAll(async () => {
  lanes = await openLanes(scenes);
  env = await openTestEnvironment({ programs: new Map(lanes.map(programOf)) });
});
afterAll(async () => {
  await env.close();
  await Promise.all(lanes.map(({ sandbox }) => sandbox.close()));
});

it('knows every reason, and how to lead a sale to each', () => {
  const reached = new Set((Object.keys(scenes) as Standing[]).map(reasonOf));
  // A fault of our own raises it: see illegal-move.test.ts.
  const known = attentionReasons.filter((reason) => reason !== 'illegal-move');
  expect([...reached].toSorted()).toEqual(known.toSorted());
  expect(new Set((Object.keys(oracle) as Standing[]).map(reasonOf))).toEqual(reached);
});

it(
  'a sale that waits for an operator goes where each first and second answer leads',
  async () => {
    const walks = lanes.flatMap((lane) => {
      const told = new Set<string>();
      return pathsFrom(lane.standing).map((path) => ({ lane, path, told }));
    });
    const wrong: string[] = [];
    await pMap(
      walks,
      async ({ lane, path, told }) => {
        try {
          await walk(lane, env, path, told);
        } catch (error) {
          const answers = path.map(([answer]) => answer).join(', ');
          wrong.push(`${lane.program}, ${lane.standing}, ${answers}: ${String(error)}`);
        }
      },
      { concurrency: SALES_AT_ONCE },
    );
    expect(wrong).toEqual([]);
    for (const { sandbox } of lanes) await sandbox.assertLedgerAddsUp();
  },
  LIMIT_MS,
);
