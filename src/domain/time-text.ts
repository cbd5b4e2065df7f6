/** Writes an ISO 8601 time in UTC for people. */
export function timeText(at: string): string {
  return `${at.slice(0, 19).replace('T', ' ')} UTC`;
}
