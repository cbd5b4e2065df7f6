import type { z } from 'zod';

/** Describes the first fault in words: where it is, what was wrong, and what would be right. */
export function describeIssue(error: z.ZodError): string {
  const { field, message } = firstIssue(error);
  return field === '' ? message : `${field} ${message}`;
}

/** Needs a parse with `reportInput`, because only the input shows whether a field is missing or of the wrong type. */
export function firstIssue(error: z.ZodError): { field: string; message: string } {
  const issue = error.issues[0];
  if (issue === undefined) return { field: '', message: 'is not valid' };
  const path =
    issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
  const field = path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
  if (issue.code === 'unrecognized_keys')
    return { field, message: 'is not a known field: remove it' };
  if (issue.code === 'invalid_type' && issue.input === undefined)
    return { field, message: `is missing: give ${article(issue.expected)}` };
  return {
    field,
    message: issue.message.replace(
      /^Invalid input: expected (\w+).*$/,
      (_, expected: string) => `must be ${article(expected)}`,
    ),
  };
}

function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}
