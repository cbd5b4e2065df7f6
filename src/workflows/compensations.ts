import type { AttentionReason } from '../domain/statuses.ts';

/** `stuck` is a definite refusal, so that only a person can help. */
export type UndoResult = { readonly kind: 'done' } | Stuck;

export interface Stuck {
  readonly kind: 'stuck';
  readonly reason: AttentionReason;
  readonly message: string;
}

export type Undo = () => Promise<UndoResult>;

/** Collects the undos of a saga. Each is registered before its action, so it must be safe when nothing has happened. */
export class Compensations {
  readonly #undos: Undo[] = [];

  add(undo: Undo): void {
    this.#undos.push(undo);
  }

  /**
   * Runs the undos newest first, and skips none. If an undo is stuck, `onStuck` decides: try it again, count it as done by
   * hand, or keep it and everything before it. Returns false when something was kept.
   */
  async unwind(onStuck: (stuck: Stuck) => Promise<'again' | 'undone' | 'keep'>): Promise<boolean> {
    for (let undo = this.#undos.at(-1); undo !== undefined; undo = this.#undos.at(-1)) {
      const result = await undo();
      const answer = result.kind === 'done' ? 'undone' : await onStuck(result);
      if (answer === 'keep') return false;
      if (answer === 'undone') this.#undos.pop();
    }
    return true;
  }
}
