import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { clientTypes, openApi, typesFile } from '../../clients/types.ts';
import { openGateway } from '../../support/gateway/gateway.ts';
import { closedShop } from '../../support/gateway/unreachable-temporal.ts';

interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
}
interface Operation {
  readonly security?: unknown;
  readonly responses: Record<string, { readonly content: Record<string, unknown> }>;
}

it('describes every route, and every answer that it can give', async () => {
  const { openapi, paths } = (await openApi()) as Document;
  expect(openapi).toBe('3.1.0');
  const sale = '/v1/redemptions/{program}/{redemptionId}';
  expect(Object.keys(paths).sort()).toEqual([
    '/healthz',
    '/readyz',
    '/v1/payment-events/{source}',
    '/v1/quotes',
    '/v1/redemptions',
    sale,
    `${sale}/capture`,
    `${sale}/resolve`,
    `${sale}/retry`,
    `${sale}/void`,
  ]);
  const statuses = (path: string, method: string) =>
    Object.keys(paths[path]?.[method]?.responses ?? {}).map(Number);
  const always = [400, 401, 403, 422, 429, 431, 500, 503];
  const withBody = [408, 413, 415, ...always];
  expect(statuses('/v1/quotes', 'post')).toEqual(expect.arrayContaining([200, ...withBody]));
  expect(statuses('/v1/redemptions', 'post')).toEqual(
    expect.arrayContaining([200, 201, 409, ...withBody]),
  );
  expect(statuses(sale, 'get')).toEqual(expect.arrayContaining([200, 404, 409, ...always]));
  for (const verb of ['capture', 'void', 'retry', 'resolve'])
    expect(statuses(`${sale}/${verb}`, 'post')).toEqual(
      expect.arrayContaining([202, 404, 409, ...withBody]),
    );
  for (const operations of Object.values(paths))
    for (const { responses } of Object.values(operations))
      for (const [status, { content }] of Object.entries(responses))
        if (Number(status) >= 400)
          expect(Object.keys(content)).toContain('application/problem+json');
});

it('is readable at /docs, which asks nothing of the internet', async () => {
  const shop = closedShop();
  const gateway = await openGateway(shop);
  try {
    const page = await gateway.get('/docs', { key: undefined });
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    const html = String(page.body['text']);
    const files = [...html.matchAll(/(?:src|href)="\.?\/?([^"]+)"/g)].map(([, file = '']) => file);
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) {
      const path = file.startsWith('docs/') ? `/${file}` : `/docs/${file}`;
      expect((await gateway.get(path, { key: undefined })).status).toBe(200);
    }
    const document = await gateway.get('/openapi.json', { key: undefined });
    expect(document.body).toEqual(await openApi());
  } finally {
    await gateway.close();
  }
});

it('has its types in clients/typescript: npm run client-types writes them', async () => {
  expect(readFileSync(typesFile, 'utf8')).toBe(await clientTypes());
});
