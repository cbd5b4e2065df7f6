import picocolors from 'picocolors';

/** Colours on a terminal only: the library would colour a pipe too where it finds itself in CI. */
export const colors = picocolors.createColors(
  Boolean(process.stdout.isTTY) && picocolors.isColorSupported,
);
