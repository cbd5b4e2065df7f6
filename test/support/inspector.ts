/** Node's inspector of another process, for what nobody is told from outside: to collect garbage, and what is left then. */
import { once } from 'node:events';
import { WebSocket } from 'undici';
import { z } from 'zod';

const targets = z.array(z.object({ webSocketDebuggerUrl: z.url() })).min(1);
const message = z.object({
  id: z.int().optional(),
  result: z.unknown().optional(),
  method: z.string().optional(),
  params: z.object({ sessionId: z.string(), message: z.string().optional() }).optional(),
});
const heapUsage = z.object({ usedSize: z.number() });

export class Inspector {
  readonly #socket: WebSocket;
  readonly #threads: string[] = [];
  readonly #waiting = new Map<number, (result: unknown) => void>();
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

  /**
   * Collects the garbage of the process and of each of its threads, for workflows run in threads of their own. Returns
   * the bytes of JavaScript that are left.
   */
  async collectGarbage(): Promise<number> {
    let left = 0;
    for (const thread of [undefined, ...this.#threads]) {
      await this.#ask(thread, 'HeapProfiler.collectGarbage');
      left += heapUsage.parse(await this.#ask(thread, 'Runtime.getHeapUsage')).usedSize;
    }
    return left;
  }

  close(): void {
    this.#socket.close();
  }

  /** The process itself, or the thread of this session. */
  async #ask(thread: string | undefined, method: string): Promise<unknown> {
    if (thread === undefined) return this.#send(method);
    const id = this.#newId();
    const answered = this.#answered(id);
    const inner = JSON.stringify({ id, method });
    await this.#send('NodeWorker.sendMessageToWorker', { sessionId: thread, message: inner });
    return answered;
  }

  #send(method: string, params: object = {}): Promise<unknown> {
    const id = this.#newId();
    const answered = this.#answered(id);
    this.#socket.send(JSON.stringify({ id, method, params }));
    return answered;
  }

  #newId(): number {
    this.#count += 1;
    return this.#count;
  }

  #answered(id: number): Promise<unknown> {
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  #receive(data: unknown): void {
    const { id, result, method, params } = message.parse(data);
    if (id !== undefined) this.#waiting.get(id)?.(result);
    if (params === undefined) return;
    if (method === 'NodeWorker.attachedToWorker') this.#threads.push(params.sessionId);
    if (method === 'NodeWorker.receivedMessageFromWorker')
      this.#receive(JSON.parse(params.message ?? '{}'));
  }
}
