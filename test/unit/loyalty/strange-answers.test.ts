/** Answers that the sandbox does not give: of a provider whose rules or pages are not as anybody expects. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createProvider } from '../../../src/loyalty/index.ts';
import type { LoyaltyProvider } from '../../../src/loyalty/provider.ts';
import { sandboxPrograms } from '../../../src/programs/programs.ts';

/** Waited out in full, and long enough for a slow machine to answer first. */
const WAIT_MS = 3_000;

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A provider that answers by the end of the path. */
async function providerOf(
  programId: string,
  answers: Readonly<Record<string, unknown>>,
): Promise<LoyaltyProvider> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://x').pathname.replace(/\/$/, '');
    const [, answer] = Object.entries(answers).find(([ending]) => path.endsWith(ending)) ?? [];
    response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer));
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const program = sandboxPrograms('http://127.0.0.1:1').get(programId);
  if (program === undefined) throw new Error(`there is no ${programId}`);
  const { port } = server.address() as AddressInfo;
  return createProvider({ ...program, baseUrl: `http://127.0.0.1:${port}` });
}

const deduction = {
  redemptionId: 'R1',
  member: 'anna',
  memberId: 'anna',
  points: 100,
  discountMinor: 100,
  store: 'S1',
  till: 'T1',
  since: new Date().toISOString(),
};

describe('White Label Loyalty', () => {
  it.each([
    ['two reactors move the points', [-100, -100]],
    ['a reactor moves them the wrong way', [100]],
    ['a reactor moves a part of them', [-99]],
  ])('has not applied a deduction when %s', async (_, sums) => {
    const provider = await providerOf('coffee-club', {
      '/reactions': sums.map((points) => ({ type: 'POINTS', points })),
      '/events': { id: 'E1' },
      '/wallet': { userId: 'anna', points: 400 },
    });
    await expect(provider.deductPoints(deduction, WAIT_MS)).rejects.toMatchObject({
      kind: 'not-applied',
      reference: 'E1',
    });
  });

  it('is not quoted when its answer cannot be read', async () => {
    const provider = await providerOf('coffee-club', { '/wallet': { userId: { name: 'anna' } } });
    await expect(provider.checkBalance('m1')).rejects.toMatchObject({
      kind: 'unknown',
      message: expect.not.stringContaining('anna'),
    });
  });
});

describe('Loyalife', () => {
  it('is not believed that nothing was found when its pages hold fewer rows than it counts', async () => {
    const results = { IsSucessful: true, ReturnObject: [], Count: 3 };
    const provider = await providerOf('travel-miles', {
      '/Token': { results: { token: 't', tokenExpiresOn: '2099-01-01T00:00:00Z' } },
      '/GetMemberTransactionSummaryByDate': { results },
    });
    await expect(provider.findDeduction(deduction)).rejects.toMatchObject({ kind: 'unknown' });
  });
});
