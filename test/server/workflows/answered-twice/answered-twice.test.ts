/** Every reason to wait for an operator, answered twice by every act: no answer wedges a run, and each leads where it should. */
import pMap from 'p-map';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attentionReasons } from '../../../../src/domain/statuses.ts';
import { openTestEnvironment, type TestEnvironment } from '../../../support/environment.ts';
import { openLanes, pathsFrom, programOf, walk, type Lane } from './drive.ts';
import { oracle, reasonOf, type Standing } from './oracle.ts';
import { scenes } from './scenes.ts';

const LIMIT_MS = 240_000;
/** Most of them wait. */
const SALES_AT_ONCE = 24;

const { 'payment-unknown': payment, ...others } = scenes;

it('knows every reason, and how to lead a sale to each', () => {
  const reached = new Set((Object.keys(scenes) as Standing[]).map(reasonOf));
  expect([...reached].toSorted()).toEqual([...attentionReasons].toSorted());
  expect(new Set((Object.keys(oracle) as Standing[]).map(reasonOf))).toEqual(reached);
});

describe.each([
  { title: 'in real time', settings: others, skipsTime: false },
  { title: 'where time is skipped', settings: { 'payment-unknown': payment }, skipsTime: true },
])('a sale that waits for an operator, $title', ({ settings, skipsTime }) => {
  let lanes: Lane[] = [];
  let env: TestEnvironment;

  beforeAll(async () => {
    lanes = await openLanes(settings as typeof scenes);
    env = await openTestEnvironment({ skipsTime, programs: new Map(lanes.map(programOf)) });
  });
  afterAll(async () => {
    await env.close();
    await Promise.all(lanes.map(({ sandbox }) => sandbox.close()));
  });

  it(
    'goes where each first and second answer leads',
    async () => {
      const walks = lanes.flatMap((lane) => {
        const told = new Set<string>();
        return pathsFrom(lane.standing).map((path) => ({ lane, path, told }));
      });
      const wrong: string[] = [];
      // Skipped all at once, it may pass before a run has asked at all.
      const pass = skipsTime ? () => env.server.sleep('1m') : undefined;
      await pMap(
        walks,
        async ({ lane, path, told }) => {
          try {
            await walk(lane, env, path, told, pass);
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
});
