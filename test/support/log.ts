import { Writable } from 'node:stream';

/** A log that is caught, to be looked into. */
export class CaughtLog extends Writable {
  #text = '';

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#text += chunk.toString();
    done();
  }

  /** Every line since the last time. */
  take(): string {
    const taken = this.#text;
    this.#text = '';
    return taken;
  }
}
