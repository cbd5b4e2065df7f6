/** An ISO 8601 time in UTC, as people read it. */
export function timeText(at: string): string {
  return `${at.slice(0, 19).replace('T', ' ')} UTC`;
}
