/** Every patch id: a changed workflow keeps replaying what runs have written before. */

/** Separates what a run that was reset keeps of its history from what it does anew. */
export const AFTER_A_RESET = 'after-a-reset';

/*
 * No patch: whether a run changes search attributes while all goes well is told by whether it was given them at its start
 * (`search-entry.ts`).
 */
