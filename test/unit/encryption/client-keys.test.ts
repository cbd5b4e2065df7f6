/** A client whose keys do not fit is stopped before its first message. */
import { Client, Connection } from '@temporalio/client';
import { expect, it } from 'vitest';
import { createKeyCheck } from '../../../src/encryption/client-keys.ts';
import { encryption } from '../../../src/encryption/data-converter.ts';
import { sandboxPrograms as programsAt } from '../../../src/programs/programs.ts';

const connection = Connection.lazy();
const sandboxPrograms = programsAt('http://127.0.0.1:4010');

it('a client that encrypts nothing is refused', () => {
  const client = new Client({ connection });
  expect(() => createKeyCheck(client, sandboxPrograms)).toThrow(/encrypts nothing/);
});

it('a client with the keys of the sandbox is refused for a real program, and for no other', () => {
  const client = new Client({ connection, dataConverter: encryption() });
  createKeyCheck(client, sandboxPrograms);
  const real = [...sandboxPrograms.values()].map((program) => ({
    ...program,
    baseUrl: 'https://loyalty.example',
    apiKey: 'real',
    clientSecret: 'real',
  }));
  expect(() =>
    createKeyCheck(client, new Map(real.map((program) => [program.id, program]))),
  ).toThrow(/is a real one, and the Temporal client has the keys of the sandbox/);
});
