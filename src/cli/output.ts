/** How the command line answers: one line of JSON for a program, or text for a person. */
import type { RedemptionError } from '../domain/errors.ts';
import { printable, printableJson } from './printable.ts';

export interface Output {
  /** Prints the answer: the object where `--json` was given, else the text. */
  show(json: object, text: string): void;
  /** Keeps a person informed, on standard error, while they wait. A program is told nothing. */
  note(text: string): void;
  fail(error: RedemptionError): void;
}

export function createOutput(wantsJson: boolean): Output {
  const show = (json: object) => process.stdout.write(`${printableJson(json)}\n`);
  const say = (text: string) => process.stderr.write(`${text}\n`);
  return wantsJson
    ? {
        show: (json) => void show(json),
        note: () => undefined,
        fail: ({ code, field, message }) => void show({ error: code, field, message }),
      }
    : {
        show: (_, text) => void process.stdout.write(`${text}\n`),
        note: (text) => void say(text),
        fail: ({ message }) => void say(printable(message)),
      };
}
