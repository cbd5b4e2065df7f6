/** The types of the HTTP interface, out of its OpenAPI document. */
import { compile } from 'json-schema-to-typescript';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { format, resolveConfig } from 'prettier';
import { buildGateway } from '../../src/gateway/server.ts';
import { closedShop } from '../support/gateway/unreachable-temporal.ts';

export const typesFile = fileURLToPath(
  new URL('../../clients/typescript/points-redemption.d.ts', import.meta.url),
);

const BANNER =
  '/** The bodies of the gateway, generated from its OpenAPI by `npm run client-types`. Do not edit. */';

export async function openApi(): Promise<object> {
  const { client, programs } = closedShop();
  const app = await buildGateway({
    redemptions: client,
    programs,
    accessKeys: { find: () => undefined },
    paymentSources: new Map(),
    isReady: () => Promise.resolve(false),
    log: pino({ level: 'silent' }),
  });
  await app.ready();
  const document = app.swagger();
  await app.close();
  return document;
}

export async function clientTypes(): Promise<string> {
  const { components } = (await openApi()) as { components: { schemas: Record<string, object> } };
  const schemas = JSON.parse(
    JSON.stringify(components.schemas).replaceAll('#/components/schemas/', '#/$defs/'),
    // What excludes one another is said in words: a type of it would allow any field.
    (key, value: unknown) => (key === 'oneOf' ? undefined : bareReference(value)),
  ) as Record<string, object>;
  const names = Object.keys(schemas);
  const types = await compile(
    { $defs: schemas, anyOf: names.map((name) => ({ $ref: `#/$defs/${name}` })) },
    'Body',
    { bannerComment: BANNER, additionalProperties: false, format: false },
  );
  return format(types, { ...(await resolveConfig(typesFile)), filepath: typesFile });
}

/** With words beside a reference, each place would get a type of its own. */
function bareReference(value: unknown): unknown {
  const isReference = typeof value === 'object' && value !== null && '$ref' in value;
  return isReference ? { $ref: value.$ref } : value;
}
