/** HTTP over bare sockets: an attacker reads of an answer no more than its status. */
import { connect, type Socket } from 'node:net';

/** Counts answers by status. */
export function countingAnswers() {
  const statuses: Record<string, number> = {};
  return {
    statuses,
    count(status: number): void {
      statuses[status] = (statuses[status] ?? 0) + 1;
    },
  };
}

interface RequestParts {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** More than the body has, for one that never ends. */
  readonly contentLength?: number;
}

export function requestBytes(
  method: string,
  path: string,
  { headers, body, contentLength = Buffer.byteLength(body) }: RequestParts,
): Buffer {
  const lines = Object.entries({
    host: 'gateway',
    'content-type': 'application/json',
    'content-length': String(contentLength),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}

/** Keeps its connections while the gateway does. */
export class Requester {
  readonly #origin: URL;
  readonly #address: string | undefined;
  readonly #limitMs: number;
  readonly #idle: Socket[] = [];
  readonly #open = new Set<Socket>();

  constructor(origin: string, address?: string, limitMs = 700_000) {
    this.#origin = new URL(origin);
    this.#address = address;
    this.#limitMs = limitMs;
  }

  /** Resolves with the status, or 0 without an answer. */
  ask(bytes: Buffer, signal?: AbortSignal): Promise<number> {
    return new Promise((resolve) => {
      const socket = this.#idle.pop() ?? this.#connect();
      const timer = setTimeout(() => socket.destroy(), this.#limitMs);
      const giveUp = () => socket.destroy();
      signal?.addEventListener('abort', giveUp);
      let head = '';
      const settle = (status: number) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        socket.removeAllListeners('data').removeAllListeners('close');
        socket.on('close', () => this.#forget(socket));
        resolve(status);
      };
      socket.removeAllListeners('close').on('close', () => {
        this.#forget(socket);
        settle(0);
      });
      socket.on('data', (chunk: Buffer) => {
        head += chunk.toString('latin1');
        const end = head.indexOf('\r\n\r\n');
        const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
        if (end === -1 || head.length < end + 4 + length) return;
        if (/\r\nconnection: close/i.test(head)) socket.destroy();
        else this.#idle.push(socket);
        settle(Number(head.split(' ')[1]));
      });
      socket.write(bytes);
    });
  }

  /** Adds to whatever is being asked. */
  write(text: string): void {
    for (const socket of this.#open) socket.write(text);
  }

  close(): void {
    for (const socket of this.#open) socket.destroy();
  }

  #connect(): Socket {
    const { hostname, port } = this.#origin;
    const socket = connect({
      host: hostname,
      port: Number(port),
      ...(this.#address !== undefined && { localAddress: this.#address }),
    });
    // Its 'close' follows.
    socket.on('error', () => undefined);
    this.#open.add(socket);
    return socket;
  }

  #forget(socket: Socket): void {
    this.#open.delete(socket);
    const index = this.#idle.indexOf(socket);
    if (index !== -1) this.#idle.splice(index, 1);
  }
}
