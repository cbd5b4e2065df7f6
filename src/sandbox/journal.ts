/**
 * Writes one JSON line for each commit before it is answered, so that a sandbox that is killed knows everything when it
 * starts again. Without a file nothing is kept.
 */
import { closeSync, existsSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { SettingsError } from '../schemas/settings-error.ts';

export class Journal<Entry> {
  readonly #file: string | undefined;
  #descriptor: number | undefined;

  constructor(file: string | undefined) {
    this.#file = file;
  }

  /**
   * Returns the commits so far, oldest first, and opens the file for appending. It drops what stands after the last line end,
   * because the process was killed while it wrote that, so nobody was answered.
   * @throws SettingsError when the file cannot be used.
   */
  open(): Entry[][] {
    if (this.#file === undefined) return [];
    try {
      const content = existsSync(this.#file) ? readFileSync(this.#file) : Buffer.alloc(0);
      const whole = content.subarray(0, content.lastIndexOf('\n') + 1);
      if (whole.length < content.length) truncateSync(this.#file, whole.length);
      const lines = whole.toString('utf8').split('\n').slice(0, -1);
      const commits = lines.map((line) => JSON.parse(line) as Entry[]);
      this.#descriptor = openSync(this.#file, 'a');
      return commits;
    } catch (error) {
      throw new SettingsError(
        `SANDBOX_DATA names a file that cannot be used (${(error as Error).message}): name a journal of the sandbox or a new file.`,
        { cause: error },
      );
    }
  }

  append(entries: readonly Entry[]): void {
    if (this.#descriptor !== undefined) writeSync(this.#descriptor, `${JSON.stringify(entries)}\n`);
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}
