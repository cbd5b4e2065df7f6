/** The Temporal server of a test: the one that its project shares, one of its own, or one that skips time. */
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import { expect, inject } from 'vitest';
import { encryptionWith } from '../../src/encryption/data-converter.ts';
import type { KeyRing } from '../../src/encryption/key-ring.ts';
import { createSearchAttributes } from '../../src/temporal/namespace.ts';
import { serverPath } from './servers.ts';
import { namespaceOf } from './vitest/temporal-server.ts';

export interface TestServer {
  readonly server: TestWorkflowEnvironment;
  readonly namespace: string;
  close(): Promise<void>;
}

/** Temporal UI beside the server, and the codec server that it asks. */
export interface TestUi {
  readonly uiPort: number;
  readonly codecEndpoint: string;
}

/** What goes wrong on purpose is warned of at length. */
export function silenceTemporal(): void {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: {
      logging: {
        filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }),
        forward: {},
      },
    },
  });
}

/** In a namespace of this file's own where the project shares a server; with a UI, always a server of its own. */
export async function connectToServer(keyRing: KeyRing, ui?: TestUi): Promise<TestServer> {
  const client = { identity: 'test', dataConverter: encryptionWith(keyRing) };
  const address = ui === undefined ? inject('temporalAddress') : undefined;
  if (address !== undefined) {
    const namespace = namespaceOf(expect.getState().testPath ?? '');
    const server = await TestWorkflowEnvironment.createFromExistingServer({
      address,
      namespace,
      client,
    });
    return { server, namespace, close: () => server.teardown() };
  }
  const server = await TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path: serverPath('TEMPORAL_CLI_PATH') },
      ...(ui && { uiPort: ui.uiPort, extraArgs: ['--ui-codec-endpoint', ui.codecEndpoint] }),
      ...(ui && { log: { format: 'pretty', level: 'error' } }),
    },
    client,
  });
  await createSearchAttributes(server.connection, 'default');
  return { server, namespace: 'default', close: () => server.teardown() };
}

/** Its clock is all its runs', so nobody can share it. */
export async function startSkippingServer(keyRing: KeyRing): Promise<TestServer> {
  const server = await TestWorkflowEnvironment.createTimeSkipping({
    server: {
      executable: { type: 'existing-path', path: serverPath('TEMPORAL_TEST_SERVER_PATH') },
    },
    client: { identity: 'test', dataConverter: encryptionWith(keyRing) },
  });
  await createSearchAttributes(server.connection, 'default');
  return { server, namespace: 'default', close: () => server.teardown() };
}
