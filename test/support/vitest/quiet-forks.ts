/**
 * The processes that run test files, with what they and their children print kept in a log for each file: servers and
 * workers warn of everything that a test lets go wrong on purpose. The reporter shows the log of a file that failed.
 */
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Writable } from 'node:stream';
import {
  ForksPoolWorker,
  type PoolOptions,
  type PoolRunnerInitializer,
  type WorkerRequest,
} from 'vitest/node';

const folder = '.cache/test-logs';

/** Where the log of a test file is, if it has printed anything. */
export function logOf(testFile: string): string {
  return join(folder, `${relative(process.cwd(), testFile).replaceAll('/', '-')}.log`);
}

const NAME = 'quiet-forks';

class QuietFork extends ForksPoolWorker {
  /** By its name does vitest know that a process may be used again. */
  override readonly name = NAME;
  #log: string | undefined;

  constructor(options: PoolOptions) {
    super(options);
    // Two streams, because each is ended with its source. Vitest has no option for where they go.
    Object.assign(this, { stdout: this.#newStream(), stderr: this.#newStream() });
  }

  override send(message: WorkerRequest): void {
    const [file] = message.type === 'run' ? message.context.files : [];
    if (file !== undefined) {
      this.#log = logOf(file.filepath);
      mkdirSync(folder, { recursive: true });
      rmSync(this.#log, { force: true });
    }
    super.send(message);
  }

  #newStream(): Writable {
    return new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        if (this.#log !== undefined) appendFileSync(this.#log, chunk);
        done();
      },
    });
  }
}

export const quietForks: PoolRunnerInitializer = {
  name: NAME,
  createPoolWorker: (options) => new QuietFork(options),
};
