/** Finishes the OpenAPI document: one name for each schema, and the headers of each answer. */

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}
interface Operation {
  readonly responses: Readonly<Record<string, object>>;
}

export function finishDocument(document: object): object {
  return withAnswerHeaders(withOneNameEach(document as Document));
}

/**
 * Gives each schema one name. The library writes every schema twice, for input (`QuoteInput`) and for output (`Quote`). Ours
 * go one way only, or are the same in both directions.
 */
function withOneNameEach(document: Document): Document {
  const schemas: Record<string, object> = {};
  const keep = (part: object): void => {
    for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      const schema = document.components.schemas[name];
      const shortName = withoutInput(name);
      if (schema === undefined || shortName in schemas) continue;
      schemas[shortName] = schema;
      keep(schema);
    }
  };
  keep(document.paths);
  const kept = { ...document, components: { ...document.components, schemas } };
  return JSON.parse(JSON.stringify(kept), (key, value: unknown) =>
    key === '$ref' && typeof value === 'string' ? withoutInput(value) : value,
  ) as Document;
}

function withoutInput(name: string): string {
  return name.replace(/Input$/, '');
}

const text = { schema: { type: 'string' } };
const seconds = { schema: { type: 'integer' }, description: 'How many seconds to wait.' };
const requestId = {
  'X-Request-Id': { ...text, description: 'Identifies the request in the log of the gateway.' },
};
const headersOf: Readonly<Record<string, object>> = {
  201: { Location: { ...text, description: 'The path of the redemption.' } },
  401: { 'WWW-Authenticate': text },
  429: { 'Retry-After': seconds },
  503: { 'Retry-After': seconds },
};

/** Adds the headers here, because the library has no place for them in a route's schema. */
function withAnswerHeaders(document: Document): Document {
  return {
    ...document,
    paths: mapValues(document.paths, (operations) =>
      mapValues(operations, (operation) => ({
        ...operation,
        responses: mapValues(operation.responses, (response, status) => ({
          ...response,
          headers: { ...headersOf[status], ...requestId },
        })),
      })),
    ),
  };
}

function mapValues<From, To>(
  values: Readonly<Record<string, From>>,
  change: (value: From, key: string) => To,
): Record<string, To> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, change(value, key)]),
  );
}
