/** A start at a server that lacks what operators search by: no sale fails for that. */
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RedemptionClient, encryption, sandboxPrograms } from '../../../src/index.ts';
import { searchAttributes } from '../../../src/workflows/search-attributes.ts';
import { serverPath } from '../../support/servers.ts';

const KEYWORD = 2;
/** As many as this server has room for. */
const ROOM = 10;

let env: TestWorkflowEnvironment;
beforeEach(async () => {
  env = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path: serverPath('TEMPORAL_CLI_PATH') } },
    client: { identity: 'test', dataConverter: encryption() },
  });
});
afterEach(() => env.teardown());

/** Nobody answers it, and the run is there. */
async function startedAt(server: TestWorkflowEnvironment) {
  const redemptions = new RedemptionClient({
    temporal: server.client,
    programs: sandboxPrograms('http://127.0.0.1:9'),
  });
  const answer = await redemptions.redeem({
    program: 'coffee-club',
    redemptionId: 'bare-1',
    member: 'member-1',
    points: 500,
    basket: { amount: '20.00', currency: 'GBP' },
    store: 'S12',
    till: 'T1',
    deductByMs: 1_000,
  });
  expect(answer).toMatchObject({ granted: false, reason: 'too-late' });
  return server.client.workflow.getHandle('redemption:coffee-club:bare-1').describe();
}

it('creates what is missing, and starts with it', async () => {
  const { typedSearchAttributes, staticSummary } = await startedAt(env);
  expect(typedSearchAttributes.get(searchAttributes.status)).toBe('on-course');
  expect(typedSearchAttributes.get(searchAttributes.store)).toBe('S12');
  expect(await staticSummary()).toBe('500 points at store S12, coffee-club');
});

it('starts without, where it cannot create them', async () => {
  for (let index = 0; index < ROOM; index += 1)
    await env.connection.operatorService.addSearchAttributes({
      namespace: 'default',
      searchAttributes: { [`Foreign${index}`]: KEYWORD },
    });
  const { typedSearchAttributes, staticSummary } = await startedAt(env);
  expect(typedSearchAttributes.get(searchAttributes.status)).toBeUndefined();
  expect(await staticSummary()).toBe('500 points at store S12, coffee-club');
});
