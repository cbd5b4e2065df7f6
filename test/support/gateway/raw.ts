/** Bytes on a connection, for what no HTTP client would send. */
import { once } from 'node:events';
import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** Sends them and reads until the server closes the connection. */
export async function sendRaw(origin: string, bytes: string | Buffer): Promise<RawAnswer> {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.setTimeout(20_000, () => socket.destroy(new Error('the connection was left hanging')));
  socket.write(bytes);
  await once(socket, 'close');
  const [head = '', body = ''] = Buffer.concat(chunks).toString('utf8').split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const pairs = lines.map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]);
  return {
    status: Number(first.split(' ')[1]),
    headers: new Headers(pairs),
    body: JSON.parse(body) as Record<string, unknown>,
  };
}

export function head(first: string, headers: Readonly<Record<string, string | number>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${first}\r\nHost: gateway\r\nConnection: close\r\n${lines.join('')}\r\n`;
}

/** Requests of one key that do not wait for each other's answer, on one connection. */
export function inARow(key: string, requests: readonly (readonly [string, object])[]): string {
  return requests
    .map(([path, content]) => {
      const body = JSON.stringify(content);
      const headers = {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      };
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      return `POST ${path} HTTP/1.1\r\nhost: gateway\r\n${lines.join('')}\r\n${body}`;
    })
    .join('');
}
