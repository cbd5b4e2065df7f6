/** The file of tokens (`CODEC_SERVER_TOKENS`). The command line writes it, and the codec server follows it. */
import type { Logger } from 'pino';
import { writeSecretFile } from '../files/secret-file.ts';
import { checkSettings, parseSettings, textOf } from '../files/settings-file.ts';
import { tokensOf, tokensSchema, type Token, type Tokens } from './tokens.ts';

/** The text is compared, because this also notices a file that was replaced, or that became a link to another one. */
const LOOK_EVERY_MS = 1_000;

/** A file that is being replaced may be missing for a moment. One that is missing for longer was deleted. */
const LOOKS_WITHOUT_FILE = 5;

/** @throws SettingsError in one sentence that names the field and the remedy */
export function readTokens(file: string): Token[] {
  return tokensIn(textOf(file), file);
}

/** @throws SettingsError when the tokens are not valid, or the file cannot be written */
export function writeTokens(file: string, tokens: readonly Token[]): void {
  writeSecretFile(file, checkSettings({ tokens }, sourceOf(file)));
}

/**
 * Follows the file while the codec server runs. A change takes effect within a second or two. A file that is not valid is
 * logged, and the tokens from before stay in use. With a deleted file, no token is valid.
 * @throws SettingsError when the file is not valid at the start
 */
export function followTokens(file: string, log: Logger): Tokens & { stop(): void } {
  let text = textOf(file);
  let tokens = tokensIn(text, file);
  let looksWithoutFile = 0;
  const look = (): void => {
    const now = textOf(file);
    looksWithoutFile = now === undefined ? looksWithoutFile + 1 : 0;
    if (now === text || (now === undefined && looksWithoutFile < LOOKS_WITHOUT_FILE)) return;
    text = now;
    if (now === undefined) {
      tokens = [];
      log.error({ file }, 'the file of tokens was deleted: every token is refused');
      return;
    }
    try {
      tokens = tokensIn(now, file);
      log.info({ tokens: tokens.map(({ id }) => id) }, 'tokens read again');
    } catch (error) {
      log.error(`${(error as Error).message} The previous tokens stay in use.`);
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return { ...tokensOf(() => tokens), stop: () => clearInterval(timer) };
}

function tokensIn(text: string | undefined, file: string): Token[] {
  return parseSettings(text, sourceOf(file)).tokens;
}

function sourceOf(file: string) {
  return {
    setting: 'CODEC_SERVER_TOKENS',
    file,
    schema: tokensSchema,
    remedy: 'create it with "npm run starter -- codec-tokens create"',
  };
}
