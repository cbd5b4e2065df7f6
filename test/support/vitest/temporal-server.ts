/** One Temporal server for all files of a project, and a namespace for each, so that none sees what another one does. */
import { Connection } from '@temporalio/client';
import { basename } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startDevServer } from '../../../src/local/dev-server.ts';
import { createSearchAttributes } from '../../../src/temporal/namespace.ts';
import { serverPath } from '../servers.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Absent where a file starts a server of its own. */
    temporalAddress?: string;
  }
}

/** Of a file with this path. */
export function namespaceOf(testFile: string): string {
  return basename(testFile, '.test.ts');
}

/** Vitest calls it once, before the tests, and what it returns after them. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { testFiles } = await project.globTestFiles(filtersOf(project));
  const namespaces = testFiles.map(namespaceOf);
  const server = await startDevServer({ cli: serverPath('TEMPORAL_CLI_PATH'), namespaces });
  try {
    await prepare(server.address, namespaces);
  } catch (error) {
    await server.stop();
    throw error;
  }
  project.provide('temporalAddress', server.address);
  return () => server.stop();
}

/** Which files vitest was asked for: the server takes a while for each namespace. Not declared in vitest's types; all without it. */
function filtersOf({ vitest }: TestProject): string[] | undefined {
  const filters: unknown = Reflect.get(vitest, 'filenamePattern');
  return Array.isArray(filters) ? filters.map(String) : undefined;
}

/** Before anybody uses a namespace, because the server learns of new attributes late where it knows the namespace already. */
async function prepare(address: string, namespaces: readonly string[]): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    await Promise.all(namespaces.map((name) => createSearchAttributes(connection, name)));
  } finally {
    await connection.close();
  }
}
