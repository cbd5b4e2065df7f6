/** The order in which a saga undoes what it did, and what becomes of an undo that is stuck. */
import { describe, expect, it } from 'vitest';
import { Compensations, type Stuck } from '../../../src/workflows/compensations.ts';

const STUCK: Stuck = { kind: 'stuck', reason: 'cancellation-refused', message: 'no' };

/** Two undos that note their turn; the newer one is stuck so many times before it is done. */
function twoUndos(stuckTimes = 0) {
  const undone: string[] = [];
  const compensations = new Compensations();
  let isStuck = stuckTimes;
  compensations.add(() => {
    undone.push('older');
    return Promise.resolve({ kind: 'done' });
  });
  compensations.add(() => {
    undone.push('newer');
    isStuck -= 1;
    return Promise.resolve(isStuck < 0 ? { kind: 'done' } : STUCK);
  });
  return { compensations, undone };
}

const nobody = () => Promise.reject(new Error('nobody is asked'));

describe('what was done is undone', () => {
  it('newest first, and nobody is asked', async () => {
    const { compensations, undone } = twoUndos();
    expect(await compensations.unwind(nobody)).toBe(true);
    expect(undone).toEqual(['newer', 'older']);
  });

  it('only once the newer undo, which was stuck, was tried again', async () => {
    const { compensations, undone } = twoUndos(2);
    expect(await compensations.unwind(() => Promise.resolve('again'))).toBe(true);
    expect(undone).toEqual(['newer', 'newer', 'newer', 'older']);
  });

  it('but for the part that was done by hand', async () => {
    const { compensations, undone } = twoUndos(2);
    expect(await compensations.unwind(() => Promise.resolve('undone'))).toBe(true);
    expect(undone).toEqual(['newer', 'older']);
  });

  it('not at all from the undo on that is to be kept', async () => {
    const { compensations, undone } = twoUndos(1);
    expect(await compensations.unwind(() => Promise.resolve('keep'))).toBe(false);
    expect(undone).toEqual(['newer']);
  });
});
