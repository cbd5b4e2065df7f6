/**
 * A changed workflow must keep replaying what earlier versions wrote, because their runs are in flight. This is the first test
 * of any change of workflow code: it needs no server. test/server/workflows/record-histories.test.ts wrote what it reads.
 */
import type { PayloadCodec } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { EncryptionCodec } from '../../../src/encryption/codec.ts';
import { workerEncryption } from '../../../src/encryption/data-converter.ts';
import { sandboxKeyRing } from '../../../src/encryption/key-ring.ts';
import { workflowBundle } from '../../../src/worker/workflow-bundle.ts';
import { SAGA_VERSION } from '../../../src/workflows/versions.ts';
import { asInTemporal, historiesOf, historyEndings, historyName } from '../../support/histories.ts';
import { UnboundCodec } from '../../support/older-payloads.ts';

const versions = Array.from({ length: SAGA_VERSION }, (_, index) => index + 1);

const codec = new EncryptionCodec(sandboxKeyRing);
/** From before payloads were bound to runs. */
const unboundCodec = new UnboundCodec(sandboxKeyRing);

let bundle: Awaited<ReturnType<typeof workflowBundle>>;
beforeAll(async () => {
  bundle = await workflowBundle();
});

async function replay(history: string, sealedBy: PayloadCodec = codec): Promise<void> {
  const dataConverter = workerEncryption(sandboxKeyRing);
  const { history: inTemporal, workflowId } = await asInTemporal(history, sealedBy);
  await Worker.runReplayHistory({ workflowBundle: bundle, dataConverter }, inTemporal, workflowId);
}

describe.each(versions)('the histories that version %i of the saga wrote', (version) => {
  const folder = historiesOf(version);
  const kept = readdirSync(folder).toSorted();

  it('are one of each ending of each program', () => {
    const expected = historyEndings.flatMap((ending) => [
      historyName('coffee-club', ending),
      historyName('travel-miles', ending),
    ]);
    expect(kept).toEqual(expected.toSorted());
  });

  it.each(kept)('replay: %s', async (name) => {
    const history = await readFile(new URL(name, folder), 'utf8');
    await replay(history);
    await replay(history, unboundCodec);
  });
});

it('a history that the workflow would not have written does not replay', async () => {
  const file = new URL('coffee-club-completed.json', historiesOf(SAGA_VERSION));
  const tampered = (await readFile(file, 'utf8')).replaceAll('"deductPoints"', '"otherActivity"');
  await expect(replay(tampered)).rejects.toThrow(/deductPoints|otherActivity|nondeterminism/i);
});
