/** What an operator says of an act, where the test is about something else. */
export const ACT = { by: 'olivia', why: 'a test' } as const;

/** How a sale ends that was voided. */
export const VOIDED = { status: 'compensated', reason: 'payment-voided', granted: false } as const;
