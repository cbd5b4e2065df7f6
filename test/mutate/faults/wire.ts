import type { Fault } from '../fault.ts';

const request = 'test/unit/http/request.test.ts';
const classification = 'test/unit/loyalty/loyalife/classification.test.ts';
const whiteLabel = 'test/unit/loyalty/white-label-loyalty/white-label-loyalty.test.ts';
const loyalife = 'test/unit/loyalty/loyalife/loyalife.test.ts';

/** What a provider's answer, or the lack of one, means; and money. */
export const wireFaults: readonly Fault[] = [
  {
    rule: 'a request that has left may have been carried out',
    file: 'src/http/request.ts',
    find: 'else sent = true;',
    replace: 'else sent = false;',
    test: request,
    name: 'may have arrived',
  },
  {
    rule: 'a request that did not leave was certainly not carried out',
    file: 'src/http/request.ts',
    find: 'let sent = false;',
    replace: 'let sent = true;',
    test: request,
    name: 'was certainly not sent',
  },
  {
    rule: 'a request that was given up before it left is never sent',
    file: 'src/http/request.ts',
    find: 'if (givenUp) abort();',
    replace: 'if (false) abort();',
    test: 'test/unit/http/slow-resolver.test.ts',
  },
  {
    rule: 'a message tells nothing of the request but an error code',
    file: 'src/http/request.ts',
    find: 'return `no whole answer (${code})`;',
    replace: 'return `no whole answer (${code}: ${error.message})`;',
    test: 'test/unit/http/messages.test.ts',
  },
  {
    rule: 'an answer takes as long as it may, and no longer',
    file: 'src/http/request.ts',
    find: 'request.timeoutMs ?? ANSWER_TIMEOUT_MS, ANSWER_TIMEOUT_MS)',
    replace: '10 * ANSWER_TIMEOUT_MS, 10 * ANSWER_TIMEOUT_MS)',
    test: request,
    name: 'trickles in past the time',
  },
  {
    rule: 'a deduction without an answer is unknown',
    file: 'src/loyalty/calls.ts',
    find: "error.sent ? 'unknown' : 'not-sent'",
    replace: "'not-sent'",
    test: whiteLabel,
  },
  {
    rule: 'a failing server leaves the outcome open',
    file: 'src/loyalty/calls.ts',
    find: 'const refused = status >= 400 && status < 500 &&',
    replace: 'const refused = status >= 400 && status < 600 &&',
    test: classification,
  },
  {
    rule: 'a request time-out may come from a proxy that passed the request on',
    file: 'src/loyalty/calls.ts',
    find: 'status !== 408 && status !== 425',
    replace: 'status !== 425',
    test: classification,
  },
  {
    rule: 'a request that was turned away for its rate was not carried out',
    file: 'src/loyalty/calls.ts',
    find: 'if (status === 401 || status === 429)',
    replace: 'if (status === 401)',
    test: classification,
  },
  {
    rule: 'an answer that cannot be read is not quoted',
    file: 'src/loyalty/calls.ts',
    find: '  throw unreadable(call);\n}\n\nexport',
    replace:
      '  throw new ProviderError("unknown", `${call}: ${JSON.stringify(body)}`);\n}\n\nexport',
    test: 'test/unit/loyalty/strange-answers.test.ts',
    name: 'is not quoted',
  },
  {
    rule: "Loyalife's codes that leave the outcome open are no refusals",
    file: 'src/loyalty/loyalife/codes.ts',
    find: "refusal === undefined ? 'unknown' : 'refused'",
    replace: "'refused'",
    test: classification,
  },
  {
    rule: 'equal points of another sale are left to a person',
    file: 'src/loyalty/loyalife/history.ts',
    find: 'const undecided = exact.length > 0 ? exact : possible;',
    replace:
      "if (possible.length === 1) return { kind: 'found', reference: possible[0]?.ExternalReference ?? '', applied: true };\n  const undecided = exact.length > 0 ? exact : possible;",
    test: classification,
  },
  {
    rule: 'a refused reversal counts as done only if the history shows one',
    file: 'src/loyalty/loyalife/adapter.ts',
    find: "if (earlier.kind === 'found') return { reference };",
    replace: 'return { reference };',
    test: loyalife,
  },
  {
    rule: 'an accepted event that moved no points is not applied',
    file: 'src/loyalty/white-label-loyalty/adapter.ts',
    find: 'return effect.applied || undefined;',
    replace: 'return true;',
    test: whiteLabel,
    name: 'takes no .* for done whose event moved no points',
  },
  {
    rule: 'a sum of reactions that differs is not taken for applied',
    file: 'src/loyalty/white-label-loyalty/adapter.ts',
    find: 'if (sum === points) return { applied: true };',
    replace: 'if (sum !== 0) return { applied: true };',
    test: 'test/unit/loyalty/strange-answers.test.ts',
    name: 'has not applied a deduction',
  },
  {
    rule: 'an event under a spelling nobody typed is left to a person',
    file: 'src/loyalty/white-label-loyalty/events.ts',
    find: 'others.length > 0 || !only.isMembers',
    replace: 'others.length > 0',
    test: whiteLabel,
    name: 'under a spelling nobody typed',
  },
  {
    rule: 'not found is certain: a look-up that did not reach the attempt says so',
    file: 'src/loyalty/loyalife/history.ts',
    find: "if (ReturnObject.length === 0)\n      throw new ProviderError('unknown', `${CALL}: fewer rows than it counts`);",
    replace: 'if (ReturnObject.length === 0) return [...rows.values()];',
    test: 'test/unit/loyalty/strange-answers.test.ts',
    name: 'fewer rows than it counts',
  },
  {
    rule: 'a discount rounds down',
    file: 'src/money/conversion.ts',
    find: '.mul(ask.points).floor()',
    replace: '.mul(ask.points).ceil()',
    test: 'test/unit/money/conversion.test.ts',
  },
  {
    rule: 'points for an amount round up',
    file: 'src/money/conversion.ts',
    find: '.div(minorPerPoint).ceil()',
    replace: '.div(minorPerPoint).floor()',
    test: 'test/unit/money/conversion.test.ts',
  },
  {
    rule: 'decimals are those of ISO 4217, not those that are usually shown',
    file: 'src/money/money.ts',
    find: '    isoCurrency(currency)?.digits ??\n',
    replace: '',
    test: 'test/unit/money/conversion.test.ts',
  },
  {
    rule: 'an amount with more decimals than its currency is none',
    file: 'src/money/money.ts',
    find: 'minor.isInteger() && minor.lte',
    replace: 'minor.lte',
    test: 'test/unit/money/conversion.test.ts',
  },
];
