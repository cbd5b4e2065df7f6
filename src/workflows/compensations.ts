import type { AttentionReason } from '../domain/statuses.ts';

/** What became of one undo. `stuck` is a definite no: only a person can help. */
export type UndoResult = { readonly kind: 'done' } | Stuck;

export interface Stuck {
  readonly kind: 'stuck';
  readonly reason: AttentionReason;
  readonly message: string;
}

export type Undo = () => Promise<UndoResult>;

/** The undos of a saga. Each is registered before its action, so it must be safe when nothing happened. */
export class Compensations {
  readonly #undos: Undo[] = [];

  add(undo: Undo): void {
    this.#undos.push(undo);
  }

  /**
   * Newest first, and none is skipped: an undo that is stuck is handed to `onStuck`, which says to try it again, that it was
   * done by hand, or to keep it and everything before it. False when something was kept.
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
