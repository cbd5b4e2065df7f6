/** Conditions of a visibility query. */

/** Returns a condition of a visibility query, or none without a value. */
export function where(attribute: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`${attribute} = ${quoted(value)}`];
}

export function quoted(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
