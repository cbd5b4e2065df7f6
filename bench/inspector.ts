/** Node's inspector of another process, for the one thing that a process is not told from outside: to collect garbage. */
import { once } from 'node:events';
import { WebSocket } from 'undici';
import { z } from 'zod';

const targets = z.array(z.object({ webSocketDebuggerUrl: z.url() })).min(1);
const message = z.object({
  id: z.int().optional(),
  method: z.string().optional(),
  params: z.object({ sessionId: z.string(), message: z.string().optional() }).optional(),
});

export class Inspector {
  readonly #socket: WebSocket;
  readonly #threads: string[] = [];
  readonly #waiting = new Map<number, () => void>();
  #count = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#receive(JSON.parse(String(data))));
  }

  static async connect(port: number): Promise<Inspector> {
    const answer = await fetch(`http://127.0.0.1:${port}/json/list`);
    const [target] = targets.parse(await answer.json());
    const socket = new WebSocket(target?.webSocketDebuggerUrl ?? '');
    await once(socket, 'open');
    const inspector = new Inspector(socket);
    await inspector.#send('NodeWorker.enable', { waitForDebuggerOnStart: false });
    return inspector;
  }

  /** Of the process and of each of its threads: workflows run in threads of their own. */
  async collectGarbage(): Promise<void> {
    await this.#send('HeapProfiler.collectGarbage');
    for (const sessionId of this.#threads) await this.#sendToThread(sessionId);
  }

  close(): void {
    this.#socket.close();
  }

  #send(method: string, params: object = {}): Promise<void> {
    const id = this.#newId();
    const answered = this.#answered(id);
    this.#socket.send(JSON.stringify({ id, method, params }));
    return answered;
  }

  async #sendToThread(sessionId: string): Promise<void> {
    const id = this.#newId();
    const answered = this.#answered(id);
    const inner = JSON.stringify({ id, method: 'HeapProfiler.collectGarbage' });
    await this.#send('NodeWorker.sendMessageToWorker', { sessionId, message: inner });
    await answered;
  }

  #newId(): number {
    this.#count += 1;
    return this.#count;
  }

  #answered(id: number): Promise<void> {
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  #receive(data: unknown): void {
    const { id, method, params } = message.parse(data);
    if (id !== undefined) this.#waiting.get(id)?.();
    if (params === undefined) return;
    if (method === 'NodeWorker.attachedToWorker') this.#threads.push(params.sessionId);
    if (method === 'NodeWorker.receivedMessageFromWorker')
      this.#receive(JSON.parse(params.message ?? '{}'));
  }
}
