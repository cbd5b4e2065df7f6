/**
 * Puts the messages and stack traces of failures into payloads, so that they are encrypted like everything else. The SDK
 * loads it by its path into workers, clients and workflow code, with `require`: so it is JavaScript.
 */
import { ApplicationFailure, DefaultFailureConverter } from '@temporalio/common';

const plainConverter = new DefaultFailureConverter();

/**
 * The failures that stay in clear text, by the type of the failure. They are sentences of ours and hold nothing of a sale but its ids.
 * DecryptionError: what a worker cannot read it must not answer in a way that nobody else can read, for the run would wait
 * for its keys. act-refused: Temporal UI shows it to an operator without decoding it.
 */
const LEGIBLE = ['DecryptionError', 'act-refused'];

class EncryptedFailureConverter extends DefaultFailureConverter {
  constructor() {
    super({ encodeCommonAttributes: true });
  }

  /**
   * @override
   * @type {DefaultFailureConverter['errorToFailure']}
   */
  errorToFailure(error, payloadConverter, context) {
    return LEGIBLE.includes(typeOf(error))
      ? plainConverter.errorToFailure(error, payloadConverter, context)
      : super.errorToFailure(error, payloadConverter, context);
  }
}

/** @param {unknown} error */
function typeOf(error) {
  if (error instanceof ApplicationFailure) return error.type ?? '';
  return error instanceof Error ? error.name : '';
}

export const failureConverter = new EncryptedFailureConverter();
