/**
 * Puts the messages and stack traces of failures into payloads, so that they are encrypted like everything else. It is
 * JavaScript, because the SDK loads it with `require` into workers, clients and workflow code.
 */
import { ApplicationFailure, DefaultFailureConverter } from '@temporalio/common';

const plainConverter = new DefaultFailureConverter();

/**
 * The types of failures that stay in clear text. Their messages are our own sentences, and hold nothing of a sale but ids.
 * DecryptionError: encrypted with the wrong worker's keys, it would make the run depend on those keys.
 * act-refused: Temporal UI shows it to an operator without decoding it.
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
