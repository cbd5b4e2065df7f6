/** A changed workflow keeps replaying what runs have written before. Every version and patch id is here. */

/** Separates what a run that was reset keeps of its history from what it does anew. */
export const AFTER_A_RESET = 'after-a-reset';

/**
 * The saga that a start asks for. A patch would cost each run two events, this costs none; in return the workers must know
 * a version before a client asks for it, so workers are deployed first.
 *
 * 1: the balance is read by an activity. 2: it is first read by a local activity.
 */
export type SagaVersion = 1 | 2;
export const SAGA_VERSION: SagaVersion = 2;

/*
 * No patch: whether a run changes search attributes while all goes well is told by whether it was given them at its start
 * (`search-entry.ts`).
 */
