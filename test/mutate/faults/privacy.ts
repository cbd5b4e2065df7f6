import type { Fault } from '../fault.ts';

const codec = 'test/unit/encryption/codec.test.ts';
const bound = 'test/unit/encryption/bound-payloads.test.ts';
const keys = 'test/unit/encryption/keys.test.ts';
const codecServer = 'test/unit/codec-server/server.test.ts';
const withoutToken = 'test/unit/codec-server/without-token.test.ts';

/** *Privacy and keys*. */
export const privacyFaults: readonly Fault[] = [
  {
    rule: 'every payload has a nonce of its own',
    file: 'src/encryption/codec.ts',
    find: 'const nonce = randomBytes(NONCE_BYTES);',
    replace: 'const nonce = Buffer.alloc(NONCE_BYTES, 7);\n  void randomBytes;',
    test: codec,
    name: 'never encrypts alike twice',
  },
  {
    rule: 'plain JSON from outside is accepted',
    file: 'src/encryption/codec.ts',
    find: 'if (!isEncrypted(payload)) return payload;',
    replace: '',
    test: codec,
    name: 'takes plain payloads',
  },
  {
    rule: 'the ids of key and run are authenticated with the payload',
    file: 'src/encryption/codec.ts',
    find: '[CIPHER, KEY_ID, WORKFLOW_ID].map',
    replace: '[CIPHER, KEY_ID].map',
    test: 'test/unit/encryption/run-keys.test.ts',
  },
  {
    rule: 'what was encrypted for another run is refused',
    file: 'src/encryption/codec.ts',
    find: "return boundTo !== '' && context?.workflowId !== undefined && boundTo !== context.workflowId;",
    replace: "return boundTo === 'x' && context?.workflowId === undefined;",
    test: bound,
  },
  {
    rule: 'what came in the clear is marked as such, whatever it claims',
    file: 'src/encryption/codec.ts',
    find: "if (!isEncrypted(payload)) return asMarked('clear', contentOf(payload));",
    replace: 'if (!isEncrypted(payload)) return payload;',
    test: bound,
  },
  {
    rule: 'a run runs only under the id of its content, started with our keys',
    file: 'src/workflows/bound.ts',
    find: 'isOurs(start) && nameOf(() => idOf(content)) === workflowInfo().workflowId',
    replace: 'isOurs(start) || nameOf(() => idOf(content)) === workflowInfo().workflowId',
    test: 'test/server/attacks/at-temporal.test.ts',
    name: 'under the id of its request|in plain JSON',
  },
  {
    rule: 'failures are encrypted',
    file: 'src/encryption/failure-converter.js',
    find: 'encodeCommonAttributes: true',
    replace: 'encodeCommonAttributes: false',
    test: 'test/server/encryption/encrypted-runs.test.ts',
    name: 'holds no failure in the clear',
  },
  {
    rule: 'a new key only reads until it is used',
    file: 'src/encryption/key-ring.ts',
    find: 'keys: [...keys, key]',
    replace: 'keys: [key, ...keys]',
    test: keys,
    name: 'gets a key that reads',
  },
  {
    rule: 'the key that encrypts cannot be removed',
    file: 'src/encryption/key-ring.ts',
    find: 'if (index === 0)',
    replace: 'if (index === -7)',
    test: keys,
    name: 'gets a key that reads',
  },
  {
    rule: 'keys are never overwritten',
    file: 'src/encryption/key-ring.ts',
    find: 'if (!createSecretFile(file, { keys: [key], memberHashKey: newSecret() } satisfies KeysFile))',
    replace:
      'writeSecretFile(file, { keys: [key], memberHashKey: newSecret() } satisfies KeysFile);\n  if (createSecretFile === undefined)',
    test: keys,
    name: 'is made once',
  },
  {
    rule: 'a worker with another member hash key stops',
    file: 'src/encryption/key-check.ts',
    find: "if (found !== undefined && found['memberHash'] !== mine.memberHash)",
    replace: "if (found !== undefined && found['memberHash'] === '')",
    test: 'test/server/encryption/key-check.test.ts',
  },
  {
    rule: 'a client with other keys stops before its first message',
    file: 'src/encryption/key-check.ts',
    find: 'throw unreadable(error, temporal) ?? error;',
    replace: 'return void unreadable(error, temporal) as undefined;',
    test: 'test/server/encryption/key-check.test.ts',
  },
  {
    rule: 'a client with the keys of the sandbox serves no real program',
    file: 'src/encryption/client-keys.ts',
    find: 'if (real !== undefined && keyRing === sandboxKeyRing)',
    replace: 'if (real !== undefined && keyRing === undefined)',
    test: 'test/unit/encryption/client-keys.test.ts',
  },
  {
    rule: 'a client that encrypts nothing is refused',
    file: 'src/encryption/client-keys.ts',
    find: 'if (codec === undefined)\n    throw new SettingsError(',
    replace:
      'if (codec === undefined) return sandboxKeyRing;\n  if (codec === null)\n    throw new SettingsError(',
    test: 'test/unit/encryption/client-keys.test.ts',
  },
  {
    rule: 'only who has a token decodes',
    file: 'src/codec-server/access.ts',
    find: 'return token !== undefined;',
    replace: 'return true;',
    test: codecServer,
    name: 'refuses',
  },
  {
    rule: 'a foreign page decodes nothing, whatever it brings',
    file: 'src/codec-server/access.ts',
    find: "if (request.headers.origin !== undefined && !isUi(request)) throw new Refusal('foreign-origin');",
    replace: '',
    test: withoutToken,
  },
  {
    rule: 'the log says who decoded',
    file: 'src/codec-server/audit.ts',
    find: '          reader: request.reader,\n',
    replace: '',
    test: 'test/unit/codec-server/tokens.test.ts',
    name: 'the log tells them apart',
  },
  {
    rule: 'the log repeats nothing that is no id of a run',
    file: 'src/codec-server/audit.ts',
    find: '.filter((id) => WORKFLOW_ID.test(id)),',
    replace: '.filter((id) => id !== "" && WORKFLOW_ID !== undefined),',
    test: 'test/unit/attacks/codec-server.test.ts',
    name: 'repeats nothing that cannot be such an id',
  },
  {
    rule: 'search attributes do not name the member',
    file: 'src/encryption/member-hash.ts',
    find: "return digest(key, ['member', program, member]);",
    replace: 'void key;\n  return `${program}:${member}`;',
    test: keys,
    name: 'does not tell the member',
  },
];
