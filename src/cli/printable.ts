/**
 * Makes text safe for a terminal. Whoever reaches Temporal can write a store or a reason, and a provider its message: their control
 * characters could rewrite what an operator sees, and a line break could look like a line of ours.
 */

/** Control and format characters, such as those that turn the direction of writing, and separators of lines. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The same text on one line, with a mark for whatever a terminal would obey. */
export function printable(text: string): string {
  return text.replace(/[\n\r\t]+/g, ' ').replace(UNPRINTABLE, '\ufffd');
}

/** The same for every text in an answer. */
export function printableAnswer<T extends object>(answer: T): T {
  return JSON.parse(JSON.stringify(answer), (_, value: unknown) =>
    typeof value === 'string' ? printable(value) : value,
  ) as T;
}

/** An answer as one line of JSON. A program reads every character as it was sent. */
export function printableJson(answer: object): string {
  return JSON.stringify(answer).replace(UNPRINTABLE, (character) =>
    // Into its UTF-16 units, as JSON writes them.
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
