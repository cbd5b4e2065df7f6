import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import { isOurs, received } from '../domain/provenance.ts';

/**
 * A workflow that is bound to its content: it runs only where its start was encrypted with our keys and names this very
 * run. Whoever reaches Temporal can start runs in plain JSON, or start a copied ciphertext under another id.
 *
 * `idOf` is the workflow id that the start asks for. `refuse` ends a run that is not bound, and has touched nothing.
 */
export function bound<Start, Result>(
  idOf: (start: Start) => string,
  run: (start: Start) => Promise<Result>,
  refuse: () => Result = fail,
): (input: unknown) => Promise<Result> {
  return async (input) => {
    const start = received(input);
    const content = start.content as Start;
    const isBound = isOurs(start) && nameOf(() => idOf(content)) === workflowInfo().workflowId;
    return isBound ? run(content) : refuse();
  };
}

/** Content of another shape, such as the start of another type of run, names none. */
function nameOf(idOf: () => string): string | undefined {
  try {
    return idOf();
  } catch {
    return undefined;
  }
}

function fail(): never {
  throw ApplicationFailure.nonRetryable(
    'This run was not started by a process that has the keys, or not under the id of its content.',
    'stray-start',
  );
}
