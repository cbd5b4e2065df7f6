/** Checks who asks, and what they may do. A refusal is the same whatever its cause, so that it reveals nothing. */
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AccessKeys } from './access-key-file.ts';
import type { AccessKey, Scope } from './access-keys.ts';
import { Problem } from './problems.ts';

const REQUESTS_PER_MINUTE = 12_000;

declare module 'fastify' {
  interface FastifyRequest {
    accessKey: AccessKey | null;
  }
  interface FastifyContextConfig {
    /** The access key must have one of these. */
    scopes?: readonly Scope[];
  }
}

/** Makes every route of this Fastify scope ask for a key, and count its requests. */
export async function requireAccessKeys(
  app: FastifyInstance,
  accessKeys: Pick<AccessKeys, 'find'>,
): Promise<void> {
  app.decorateRequest('accessKey', null);
  app.addHook('onRequest', (request, _reply, done) => {
    const secret = /^Bearer ([\w-]{1,128})$/i.exec(request.headers.authorization ?? '')?.[1];
    const key = secret === undefined ? undefined : accessKeys.find(secret);
    if (key === undefined) throw new Problem('unauthorized');
    request.accessKey = key;
    done();
  });
  // Registered after the hook above, which names the key.
  await app.register(rateLimit, {
    timeWindow: 60_000,
    keyGenerator: (request) => keyOf(request).id,
    max: (request) => keyOf(request).requestsPerMinute ?? REQUESTS_PER_MINUTE,
    enableDraftSpec: true,
    errorResponseBuilder: () => new Problem('too-many-requests'),
  });
  app.addHook('preParsing', (request, _reply, _payload, done) => {
    const { scopes = [] } = request.routeOptions.config;
    const key = keyOf(request);
    if (!scopes.some((scope) => key.scopes.includes(scope))) throw new Problem('forbidden');
    done();
  });
}

export function keyOf({ accessKey }: Pick<FastifyRequest, 'accessKey'>): AccessKey {
  if (accessKey === null) throw new Problem('unauthorized');
  return accessKey;
}

export function mayUseProgram({ programs }: AccessKey, program: string): boolean {
  return programs === undefined || programs.includes(program);
}

/** A key that names stores uses ids of its own alone, so that it can neither take an id of another store nor learn of one. */
export function mayUseId({ stores, idPrefixes }: AccessKey, redemptionId: string): boolean {
  const prefixes = idPrefixes ?? stores?.map((store) => `${store}-`);
  return prefixes === undefined || prefixes.some((prefix) => redemptionId.startsWith(prefix));
}

export function mayUseStore({ stores }: AccessKey, store: string): boolean {
  return stores === undefined || stores.includes(store);
}
