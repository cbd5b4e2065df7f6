/** The stacks of bugs, with the positions in the TypeScript. */
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join, resolve } from 'node:path';
import { inspect } from 'node:util';
import { fileNames } from './compiled.mjs';

/**
 * An error as Node prints it.
 * @param {unknown} error
 * @param {string} folder of the compiled program
 */
export function printable(error, folder) {
  const text = inspect(error);
  const map = readMap(folder);
  if (map === undefined) return text;
  const position = new RegExp(`${escaped(join(folder, fileNames.program))}:(\\d+):(\\d+)`, 'g');
  return text.replaceAll(position, (place, line, column) => {
    const origin = map.findOrigin(Number(line), Number(column));
    if (!('fileName' in origin)) return place;
    return `${resolve(folder, origin.fileName)}:${origin.lineNumber}:${origin.columnNumber}`;
  });
}

/** @param {string} folder */
function readMap(folder) {
  try {
    return new SourceMap(JSON.parse(readFileSync(join(folder, fileNames.map), 'utf8')));
  } catch {
    return undefined;
  }
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
