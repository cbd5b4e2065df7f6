/** A setting is missing or malformed. The message is the one sentence that a process prints before it stops. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}
