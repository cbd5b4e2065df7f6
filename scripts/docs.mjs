/**
 * The part "docs" of `npm run check`: the README has the length that it should, no document links to a page or heading that
 * is missing, and neither a document nor a comment names a missing file. Prints each fault with its place, and exits with 1.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { projectRoot } from './run.mjs';

const README_WORDS = { least: 700, most: 900 };

/** Folders that are made, not written. */
const SKIPPED = /^(node_modules|\.git|\.cache|\.data|\.artefacts|\.schemathesis|dist|coverage)$/;
/** Its faults are planted. */
const OWN_TEST = 'test/unit/scripts/docs.test.ts';
const SOURCE = /^(src|test|bench|scripts|examples)\/.*\.(ts|js|mjs)$/;

const FENCED = /^( *)(```+|~~~+)[^\n]*\n[\s\S]*?^\1\2 *$/gm;
const COMMENT = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm;
const LINK = /\]\(<?([^()\s>]+)>?(?: "[^"]*")?\)|^\[[^\]]+\]: (\S+)/gm;
const HEADING = /^#{1,6} +(.*?) *#*$/gm;
/** A path from the root of the project; `*`, `<name>` and `{a,b}` stand for parts of it. */
const PATH =
  /(?<![\w./@-])(?:src|test|bench|scripts|docs|examples|clients|deploy|contracts|\.ci|\.github)\/[\w./<>{},*-]*/g;
/** Any document that is named, with its folders or without. */
const DOCUMENT = /(?<![\w./@*-])[\w-]+(?:\/[\w.-]+)*\.md\b/g;

/** @typedef {{ file: string, line: number, what: string }} Fault */

/** The words of a document as its reader counts them, code blocks and the addresses of links left out. @param {string} text */
export function wordsIn(text) {
  const prose = text
    .replace(FENCED, '')
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/\]\([^)]*\)/g, ']');
  return prose.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

/**
 * Every fault of the documents and comments below a folder.
 * @param {string} root
 * @returns {Fault[]}
 */
export function faultsIn(root) {
  const files = filesIn(root);
  /** @param {string} file */
  const read = (file) => readFileSync(join(root, file), 'utf8');
  return files.flatMap((file) => {
    if (file.endsWith('.md')) {
      const text = read(file);
      return [
        ...(file === 'README.md' ? lengthFaults(text) : []),
        ...linkFaults(file, text, files, read),
        ...nameFaults(file, text.replace(LINK, blank), files),
      ];
    }
    return SOURCE.test(file) && file !== OWN_TEST ? nameFaults(file, read(file), files) : [];
  });
}

/** @param {string} root @returns {string[]} paths with `/`, whatever the platform */
function filesIn(root, folder = '') {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !SKIPPED.test(name))
    .flatMap((entry) => {
      const path = posix.join(folder, entry.name);
      return entry.isDirectory() ? filesIn(root, path) : [path];
    });
}

/** @param {string} text @returns {Fault[]} */
function lengthFaults(text) {
  const words = wordsIn(text);
  const { least, most } = README_WORDS;
  if (words >= least && words <= most) return [];
  return [{ file: 'README.md', line: 1, what: `has ${words} words, not ${least} to ${most}` }];
}

/**
 * @param {string} file
 * @param {string} text
 * @param {readonly string[]} files
 * @param {(file: string) => string} read
 * @returns {Fault[]}
 */
function linkFaults(file, text, files, read) {
  const prose = withoutCode(text);
  return [...prose.matchAll(LINK)].flatMap((match) => {
    const target = match[1] ?? match[2] ?? '';
    if (/^[a-z]+:/.test(target)) return [];
    const [path = '', anchor] = decodeURIComponent(target).split('#');
    const page = path === '' ? file : posix.join(posix.dirname(file), path).replace(/\/$/, '');
    const fault = { file, line: lineOf(prose, match.index) };
    if (page !== '.' && !isThere(page, files))
      return [{ ...fault, what: `links to ${target}: there is no ${page}` }];
    if (anchor === undefined || !page.endsWith('.md') || anchorsIn(read(page)).has(anchor))
      return [];
    return [{ ...fault, what: `links to ${target}: ${page} has no such heading` }];
  });
}

/** As GitHub makes them out of headings. @param {string} text */
function anchorsIn(text) {
  const anchors = new Set();
  for (const [, heading = ''] of withoutCode(text, FENCED).matchAll(HEADING)) {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count += 1) anchor = `${slug}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}

/**
 * In sources a path counts where it stands in a comment, and the name of a document everywhere: messages name documents.
 * @param {string} file
 * @param {string} text
 * @param {readonly string[]} files
 * @returns {Fault[]}
 */
function nameFaults(file, text, files) {
  const prose = SOURCE.test(file) ? onlyComments(text) : text;
  const paths = [...prose.matchAll(PATH)].filter(([path]) => !path.includes('.md'));
  return [...paths, ...text.matchAll(DOCUMENT)]
    .map(({ 0: name, index }) => ({ name: name.replace(/[./,*]+$/, ''), index }))
    .filter(({ name }) => !isNamed(name, file, files))
    .map(({ name, index }) => ({
      file,
      line: lineOf(text, index),
      what: `names ${name}, which is not there`,
    }));
}

/** @param {string} name @param {string} file @param {readonly string[]} files */
function isNamed(name, file, files) {
  if (/^[^/]+\.md$/.test(name)) return files.some((path) => posix.basename(path) === name);
  return isThere(name, files) || isThere(posix.join(posix.dirname(file), name), files);
}

/** @param {string} path @param {readonly string[]} files */
function isThere(path, files) {
  const pattern = path
    .replace(/[.+?^$()[\]\\|]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replace(/<[^>]*>/g, '[^/]+')
    .replace(/\{([^}]*)\}/g, (_, names) => `(${names.replaceAll(',', '|')})`);
  const whole = new RegExp(`^${pattern}(/|$)`);
  return files.some((file) => whole.test(file));
}

/** Blanks keep the places of what is left. @param {string} text */
function withoutCode(text, code = new RegExp(`${FENCED.source}|\`[^\`\n]*\``, 'gm')) {
  return text.replace(code, blank);
}

/** @param {string} text */
function onlyComments(text) {
  let comments = '';
  for (const { 0: comment, index } of text.matchAll(COMMENT))
    comments += blank(text.slice(comments.length, index)) + comment;
  return comments;
}

/** @param {string} text */
function blank(text) {
  return text.replace(/[^\n]/g, ' ');
}

/** @param {string} text @param {number} index */
function lineOf(text, index) {
  return text.slice(0, index).split('\n').length;
}

if (process.argv[1] === import.meta.filename) {
  const faults = faultsIn(projectRoot);
  for (const { file, line, what } of faults) process.stdout.write(`${file}:${line} ${what}\n`);
  if (faults.length > 0) process.exitCode = 1;
}
