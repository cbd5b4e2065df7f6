/** `codec-tokens`, for whoever runs the codec server. It needs neither Temporal nor programs. */
import type { Command } from 'commander';
import { addVerb } from './add-verb.ts';
import type { CodecTokenOptions, FileOption } from './options.ts';
import type { Output } from './output.ts';

export function addCodecTokenVerbs(cli: Command, output: Output): void {
  const actions = () => import('./codec-token-actions.ts');
  const tokens = cli
    .command('codec-tokens')
    .description('say who may read runs through the codec server');
  const addTokenVerb = (name: string, description: string, file: string) =>
    addVerb(tokens, name, description).requiredOption('--file <file>', file);
  const FILE = 'the file that CODEC_SERVER_TOKENS names';

  addTokenVerb(
    'create',
    'create the token of a person; an earlier one ends',
    `${FILE}; created if missing`,
  )
    .requiredOption('--id <id>', 'who gets the token, such as olivia')
    .action(async (options: CodecTokenOptions) => (await actions()).createToken(options, output));

  addTokenVerb('list', 'list who has a token', FILE).action(async (options: FileOption) =>
    (await actions()).listTokens(options, output),
  );

  addTokenVerb('remove', 'remove the token of a person; their sessions end', FILE)
    .requiredOption('--id <id>', 'whose token')
    .action(async (options: CodecTokenOptions) => (await actions()).removeToken(options, output));
}
