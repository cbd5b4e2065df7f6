import { describe, expect, it } from 'vitest';
import { firstMembers } from '../../../src/sandbox/members.ts';
import { openSandbox } from './support.ts';

describe("the sandbox's control interface", () => {
  it('is alive and knows the first members', async () => {
    const sandbox = await openSandbox();
    expect(await sandbox.control('GET', '/healthz')).toMatchObject({ body: { status: 'ok' } });
    expect((await sandbox.ledger()).members).toHaveLength(firstMembers.length);
  });

  it('creates a member, and sets the balance of one that exists', async () => {
    const sandbox = await openSandbox();
    const member = { program: 'coffee-club', memberId: 'new', aliases: ['55'], points: 10 };
    const ofNew = async () => (await sandbox.control('GET', '/ledger?member=new')).body;
    expect(await sandbox.control('POST', '/members', member)).toMatchObject({ status: 201 });
    const spend = { program: 'coffee-club', memberId: '55', points: 30 };
    expect(await sandbox.control('POST', '/spend', spend)).toMatchObject({ status: 201 });
    expect(await ofNew()).toMatchObject({
      members: [{ memberId: 'new', aliases: ['55'], points: -20, lowest: -20 }],
      movements: [{ kind: 'other', points: -30 }],
    });
    await sandbox.control('POST', '/members', { ...member, aliases: [], points: 7 });
    expect(await ofNew()).toMatchObject({ members: [{ aliases: [], points: 7, lowest: 7 }] });
    expect(await sandbox.control('POST', '/spend', spend)).toMatchObject({ status: 404 });
  });

  it('shows the ledger of one program', async () => {
    const sandbox = await openSandbox();
    const { body } = await sandbox.control('GET', '/ledger?program=travel-miles&member=member-1');
    expect(body).toMatchObject({ members: [{ program: 'travel-miles', memberId: 'member-1' }] });
  });

  it.each([
    ['program', '/members', { program: 'other', memberId: 'a', points: 1 }],
    ['state', '/members', { program: 'coffee-club', memberId: 'a', points: 1, state: 'inactive' }],
    ['points', '/spend', { program: 'coffee-club', memberId: 'member-1', points: -1 }],
    ['bareEnvelop', '/switches', { bareEnvelop: true }],
    ['secondReversalCode', '/switches', { secondReversalCode: 405 }],
  ])('names the field %s when it refuses a request to %s', async (field, path, body) => {
    const sandbox = await openSandbox();
    const answer = await sandbox.control('POST', path, body);
    expect(answer).toMatchObject({ status: 400, body: { error: 'refused', field } });
  });

  it('refuses an alias that means another member', async () => {
    const sandbox = await openSandbox();
    const member = { program: 'coffee-club', memberId: 'new', aliases: ['member-1'], points: 10 };
    expect(await sandbox.control('POST', '/members', member)).toMatchObject({ status: 409 });
  });
});
