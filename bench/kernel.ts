/** What Linux knows of a process's time. */
import { readFileSync } from 'node:fs';

/** Of one tick of /proc; the same on every Linux. */
const TICK_MS = 10;

/** The processor time that it has taken so far, all its threads together. */
export function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name stands in parentheses and may hold anything; user and system time are the 14th and 15th field.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return TICK_MS * (Number(fields[11]) + Number(fields[12]));
}
