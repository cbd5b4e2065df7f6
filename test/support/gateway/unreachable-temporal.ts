/** A shop whose Temporal cannot be reached: what it must not be asked for is refused all the same. */
import { Client, Connection } from '@temporalio/client';
import { encryption } from '../../../src/encryption/data-converter.ts';
import { RedemptionClient, sandboxPrograms } from '../../../src/index.ts';

export function closedShop() {
  // Nobody listens at the port for discarding.
  const nowhere = '127.0.0.1:9';
  const connection = Connection.lazy({ address: nowhere, connectTimeout: '1s' });
  const programs = sandboxPrograms(`http://${nowhere}`);
  return {
    programs,
    // Never closed: under a call that the SDK is about to repeat, that throws out of a timer.
    client: new RedemptionClient({
      temporal: new Client({ connection, dataConverter: encryption() }),
      programs,
    }),
  };
}
