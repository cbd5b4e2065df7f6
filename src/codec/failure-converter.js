/**
 * Puts the messages and stack traces of failures into payloads, so that they are encrypted like everything else. The SDK
 * loads it by its path into workers, clients and workflow code, with `require`: so it is JavaScript.
 */
import { ApplicationFailure, DefaultFailureConverter } from '@temporalio/common';

const legible = new DefaultFailureConverter();

/** What the worker cannot read it must not answer in a way that nobody else can read: the run would wait for its keys. */
class EncryptedFailureConverter extends DefaultFailureConverter {
  constructor() {
    super({ encodeCommonAttributes: true });
  }

  /**
   * @override
   * @type {DefaultFailureConverter['errorToFailure']}
   */
  errorToFailure(error, payloadConverter, context) {
    return isAboutKeys(error)
      ? legible.errorToFailure(error, payloadConverter, context)
      : super.errorToFailure(error, payloadConverter, context);
  }
}

/** @param {unknown} error */
function isAboutKeys(error) {
  if (error instanceof ApplicationFailure) return error.type === 'DecryptionError';
  return error instanceof Error && error.name === 'DecryptionError';
}

export const failureConverter = new EncryptedFailureConverter();
