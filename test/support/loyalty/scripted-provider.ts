/** A provider that answers as a test says, for answers that the sandbox does not give. It keeps what it was asked. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Deduction } from '../../../src/domain/orders.ts';
import { createProvider } from '../../../src/loyalty/index.ts';
import type { LoyaltyProvider } from '../../../src/loyalty/provider.ts';
import { sandboxPrograms, type Program } from '../../../src/programs/programs.ts';

export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, or as it is where it is a text. */
  readonly body?: unknown;
  /** Happens before it is answered. */
  readonly first?: () => void;
}

interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

export interface ScriptedProvider {
  readonly provider: LoyaltyProvider;
  readonly asked: readonly Asked[];
}

/** By the end of the path; the last of several answers is given from then on. Any other path is answered 404. */
export type Script = Readonly<Record<string, ScriptedAnswer | readonly ScriptedAnswer[]>>;

export async function scriptedProvider(
  programId: 'coffee-club' | 'travel-miles',
  script: Script,
  changes: Partial<Program> = {},
): Promise<ScriptedProvider> {
  const asked: Asked[] = [];
  const left = Object.entries(script).map(
    ([ending, answers]) => [ending, [answers].flat()] as const,
  );
  const server = createServer((request, response) => {
    const { method, url, headers } = request;
    let text = '';
    request.on('data', (chunk) => (text += chunk));
    request.on('end', () => {
      asked.push({ method, url, headers, body: text === '' ? undefined : JSON.parse(text) });
      const path = new URL(url ?? '', 'http://x').pathname.replace(/\/$/, '');
      const [, answers = []] = left.find(([ending]) => path.endsWith(ending)) ?? [];
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      const { status = 200, headers: more = {}, body, first } = answer ?? { status: 404 };
      first?.();
      response.writeHead(status, more);
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const program = sandboxPrograms('http://127.0.0.1:1').get(programId);
  if (program === undefined) throw new Error(`there is no ${programId}`);
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { provider: createProvider({ ...program, ...changes, baseUrl } as Program), asked };
}

export const DEDUCTION: Deduction = {
  redemptionId: 'R1',
  member: 'anna',
  memberId: 'anna',
  points: 100,
  discountMinor: 2_550,
  store: 'S1',
  till: 'T1',
  since: '2026-03-01T10:00:00.000Z',
};
