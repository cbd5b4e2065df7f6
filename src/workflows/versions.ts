/** Every version and patch id of the workflows, because a changed workflow must replay the runs that are in flight. */

/** Marks the point in a run that was reset from which it acts anew. */
export const AFTER_A_RESET = 'after-a-reset';

/** A late-capture case looks at the balance after it has taken the points again, and asks which payment was voided. */
export const CASE_GUARDS = 'case-guards';

/** The parts of a payment add up, and a refund waits for its capture. What was voided shows nothing of the basket. */
export const PARTS_ADD_UP = 'parts-add-up';

/** A reference that an operator adopts counts for the deduction that it was checked for, and for no later one. */
export const ADOPTS_WHAT_IT_CHECKED = 'adopts-what-it-checked';

/** A capture of more than the basket may hold a tip, so it does not show that the discount was not given. */
export const A_TIP_SHOWS_NOTHING = 'a-tip-shows-nothing';

/** A watch whose operator has let it look again is declined once more when nothing is found. */
export const DECLINES_AGAIN = 'declines-again';

/**
 * The version of the saga that a start asks for. A patch would cost each run two events, and a version costs none. In
 * return, workers are deployed before clients, because they must know a version before a client asks for it.
 *
 * 1: the balance is read by an activity. 2: it is first read by a local activity.
 */
export type SagaVersion = 1 | 2;
export const SAGA_VERSION: SagaVersion = 2;

/*
 * No patch decides whether a run changes search attributes in its normal course: it does so only if its start gave it none
 * (`visibility.ts`).
 */
