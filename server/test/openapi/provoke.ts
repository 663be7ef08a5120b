import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { ControlStore } from '@px-platform/control';
import { AppError, type AppErrorCode } from '@px-platform/runtime';
import { makeLetter } from '../make-letter.ts';
import type { Answer, ListedOperation } from './the-document.ts';
import type { World } from './world.ts';

/** What is sent: the good request of an operation unless a case changes it. */
export interface Sent {
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
}

type Provoke = (world: World, operation: ListedOperation) => Promise<Answer>;

/** Gives the way to each case of the document, by its status and code; undefined where none is known. */
export function findProvocation(wanted: string, operation: ListedOperation): Provoke | undefined {
  return special[`${operation.name} ${wanted}`] ?? ways[wanted] ?? (/^2\d\d$/.test(wanted) ? sendGood : undefined);
}

const change =
  (
    toChange: (world: World, good: Sent, operation: ListedOperation) => Partial<Sent> | Promise<Partial<Sent>>,
  ): Provoke =>
  async (world, operation) => {
    const good = await toGood(world, operation);
    return send(world, operation, { ...good, ...(await toChange(world, good, operation)) });
  };
const withBody = (body: Sent['body'], headers: Record<string, string> = {}) =>
  change((_world, good) => ({ body, headers: { ...good.headers, ...headers } }));
const withHeaders = (headers: Record<string, string>) =>
  change((_world, good) => ({ headers: { ...good.headers, ...headers } }));
const withKey = (toKey: (world: World) => string | Promise<string>) =>
  change(async (world, good) => ({ headers: { ...good.headers, authorization: `Bearer ${await toKey(world)}` } }));
const withoutKey = change((_world, { headers: { authorization: _, ...headers } }) => ({ headers }));
const withFault =
  (ports: Parameters<World['withFault']>[0], code: AppErrorCode | null): Provoke =>
  async (world, operation) => {
    const good = await toGood(world, operation);
    const error = code === null ? new TypeError('a bug of a test') : new AppError(code, 'broken by a test');
    return world.withFault(ports, error, () => send(world, operation, good));
  };
const sendGood = change(() => ({}));
/** As another project, which nobody listens to: where somebody does, the place to begin is known. */
const withFaultAsOther =
  (code: AppErrorCode | null): Provoke =>
  (world, operation) =>
    withFault(['reader'], code)({ ...world, key: world.server.keys.other }, operation);

const long = Buffer.alloc(1_100_000, ' ');
const bomb = gzipSync(Buffer.alloc(11_000_000, ' '));
const many = JSON.stringify({ events: Array(1_001).fill(0), batch: Array(1_001).fill(0) });
const badEncoding = '%E0%A4%A';

/** By status and code, for every operation that lists it. */
const ways: Readonly<Record<string, Provoke>> = {
  '304': async (world, operation) => {
    const etag = (await sendGood(world, operation)).headers.get('etag') ?? '*';
    // fetch asks for a new copy unless it is told not to.
    return withHeaders({ 'if-none-match': etag, 'cache-control': 'max-age=0' })(world, operation);
  },
  '400 invalid_json': withBody('{'),
  '400 invalid_body': withBody('[]'),
  '400 invalid_encoding': withBody('no gzip', { 'content-encoding': 'gzip' }),
  '400 invalid_schema_version': withHeaders({ 'x-event-schema-version': '2.0.0' }),
  '400 invalid_parameter': (world, operation) => {
    // Where a key is asked for, two that differ; else what stands in the path.
    if (['writer', 'reader'].includes(operation.access))
      return withHeaders({ 'x-api-key': 'another' })(world, operation);
    return change(() => ({ path: operation.path.replace(/\{\w+\}/, badEncoding) }))(world, operation);
  },
  '400 empty_batch': withBody('{"events":[],"batch":[]}'),
  '400 nothing_accepted': change((_world, _good, { path }) => ({
    body: /\/b(atch)?$/.test(path) ? '{"batch":[{}]}' : '{}',
  })),
  '401 missing_key': withoutKey,
  '401 malformed_key': withKey(() => 'px_srv_test_tooShort'),
  '401 unknown_key': withKey(({ unknownKey }) => unknownKey),
  '401 invalid_token': withKey(() => 'pxt_prj_1.1.forged'),
  '403 revoked_key': withKey(async ({ server, makeKey }) => {
    const { id, secret } = await makeKey();
    await server.control.revokeKey(id, new Date(server.now));
    return secret;
  }),
  '403 expired_key': withKey(
    async ({ server, makeKey }) => (await makeKey({ expiresAt: new Date(server.now) })).secret,
  ),
  '403 missing_scope': withKey(async ({ makeKey }) => (await makeKey({ scopes: ['admin'] })).secret),
  '403 origin_not_allowed': change(({ server }, good) => ({
    headers: { ...good.headers, authorization: `Bearer ${server.keys.pub}`, origin: 'https://other.example' },
  })),
  '403 project_mismatch': withHeaders({ 'x-px-project-id': 'prj_other' }),
  '403 not_private': withHeaders({ 'x-forwarded-for': '203.0.113.7', authorization: 'Bearer wrong' }),
  '404 not_found': change((_world, _good, { path }) => ({ path: path.replace(/\{\w+\}/, 'unknown') })),
  '408 request_timeout': sendHalf,
  '409 conflict': sendGood,
  '413 body_too_large': withBody(long),
  '413 inflated_too_large': withBody(bomb),
  '413 too_many_events': withBody(many),
  '415 unsupported_media_type': withHeaders({ 'content-type': 'application/xml' }),
  '415 unsupported_encoding': withHeaders({ 'content-encoding': 'br' }),
  '422 query_over_budget': withFault(['reader'], 'query_over_budget'),
  '429 rate_limited': async (world, operation) => {
    const { secret } = await world.makeKey({ ratePerMinute: 1 });
    const asKey = withKey(() => secret);
    await asKey(world, operation);
    return asKey(world, operation);
  },
  '500 internal': (world, operation) => withFault(portsOf(operation), null)(world, operation),
  '503': withFault(['control'], 'control_unavailable'),
  '503 not_durable': withFault(['log'], 'log_full'),
  '503 overloaded': (world, operation) => sendGood({ ...world, server: world.full }, operation),
  '503 not_ready': async (world, operation) => {
    if (operation.access === 'admin') return withFault(['control', 'reader'], 'control_unavailable')(world, operation);
    // A key that nobody has asked for yet: it has to be looked up.
    const { secret } = await world.makeKey();
    const good = await toGood(world, operation);
    const sent = { ...good, headers: { ...good.headers, authorization: `Bearer ${secret}` } };
    const error = new AppError('control_unavailable', 'broken by a test');
    return world.withFault(['control'], error, () => send(world, operation, sent));
  },
};

const portsOf = ({ access }: ListedOperation) =>
  access === 'admin' ? (['control', 'reader'] as const) : (['log', 'reader'] as const);

let count = 0;
/** A body that nobody has sent yet. */
const withNewName = (body: object, field: string) =>
  change(() => ({ body: JSON.stringify({ ...body, [field]: `new-${++count}` }) }));
const twice =
  (provoke: Provoke): Provoke =>
  async (world, operation) => {
    await provoke(world, operation);
    return provoke(world, operation);
  };

const withOtherProject = change(({ server }, { query, body }) => ({
  query: query.replace(server.projectId, 'prj_other'),
  body: typeof body === 'string' ? body.replace(server.projectId, 'prj_other') : body,
}));

/** Where an operation has a way of its own. */
const special: Readonly<Record<string, Provoke>> = {
  'POST /api/v1/events/batch 400': withBody('{"events":[{}]}'),
  'POST /api/v1/events/import 400': withBody('{"events":[{}]}'),
  'POST /v1/events/batch 400': withBody('{"events":[{}]}'),
  'GET /api/v1/live 422 query_over_budget': withFaultAsOther('query_over_budget'),
  'GET /api/v1/live 500 internal': withFaultAsOther(null),
  'POST /admin/v1/tenants 200': twice(sendGood),
  'POST /admin/v1/tenants 201': withNewName({}, 'slug'),
  'POST /admin/v1/projects 200': twice(sendGood),
  'POST /admin/v1/projects 201': withNewName({ tenant: 'acme' }, 'name'),
  'POST /admin/v1/projects 404 not_found': withBody('{"tenant":"unknown","name":"Web"}'),
  'GET /admin/v1/projects 400 invalid_parameter': change(() => ({ query: '?tenant=a&tenant=b' })),
  'GET /admin/v1/projects 404 not_found': change(() => ({ query: '?tenant=unknown' })),
  'POST /admin/v1/projects/{id}/keys 200': twice(sendGood),
  'POST /admin/v1/projects/{id}/keys 201': withNewName({ kind: 'pub' }, 'name'),
  'POST /admin/v1/keys/{id}/rotate 409 conflict': async (world, operation) => {
    const { id } = await world.makeKey();
    await world.server.control.revokeKey(id, new Date(world.server.now));
    return change(() => ({ path: operation.path.replace('{id}', id) }))(world, operation);
  },
  'PUT /admin/v1/projects/{id}/event-schemas/{event} 200': twice(sendGood),
  'PUT /admin/v1/projects/{id}/event-schemas/{event} 201': change((_world, good) => ({
    path: `${good.path}-${++count}`,
  })),
  'PUT /admin/v1/projects/{id}/event-schemas/{event} 409 conflict': async (world, operation) => {
    const { control } = world.server;
    const tenant = await control.findTenant('acme');
    const { value } = await control.createProject({
      tenantId: tenant?.id ?? '',
      name: `full-${++count}`,
      origins: [],
      ipPolicy: 'drop',
      retentionDays: 30,
    });
    for (let at = 0; at < 500; at += 1) await putSchema(control, value.id, `event-${at}`);
    const path = operation.path.replace('{id}', value.id).replace('{event}', 'one-more');
    return change(() => ({ path }))(world, operation);
  },
  'GET /admin/v1/projects/{id}/persons/{person} 422 query_over_budget': withFault(['identity'], 'query_over_budget'),
  'GET /admin/v1/projects/{id}/persons/{person}/merges 422 query_over_budget': withFault(
    ['identity'],
    'query_over_budget',
  ),
  'GET /admin/v1/projects/{id}/groups/{group} 422 query_over_budget': withFault(['identity'], 'query_over_budget'),
  'POST /admin/v1/projects/{id}/purges 200': withBody('{"user_id":"user_123","dry_run":true}'),
  'GET /admin/v1/rollups 400 invalid_parameter': change(() => ({ query: '' })),
  'GET /admin/v1/rollups 404 not_found': withOtherProject,
  'GET /admin/v1/rollups/check 400 invalid_parameter': change(() => ({ query: '' })),
  'GET /admin/v1/rollups/check 404 not_found': withOtherProject,
  'POST /admin/v1/rollups/rebuild 404 not_found': withOtherProject,
  'GET /admin/v1/dead-letters 400 invalid_parameter': change(() => ({ query: '?limit=0' })),
  'POST /admin/v1/dead-letters/replay 503 not_durable': async (world, operation) => {
    world.server.deadLetters.add([makeLetter(world.server.projectId)]);
    const error = new AppError('log_full', 'broken by a test');
    return world.withFault(['log'], error, () => withBody('{}')(world, operation));
  },
  'GET /sdk/{file} 302': change(() => ({ path: '/sdk/px.0123456789abcdef.js' })),
};

/** What every operation is tried with, whether it lists such an answer or not. */
export const allWays: readonly string[] = Object.keys(ways);

/** The request that the document's own example makes, with a key that may do it. */
export async function toGood(world: World, operation: ListedOperation): Promise<Sent> {
  const { access, body, path, method } = operation;
  const key = { anyone: null, writer: world.key, reader: world.key, admin: world.adminToken }[access];
  if (path.includes('{event}') && method !== 'PUT') await putSchema(world.server.control, world.server.projectId);
  return {
    path: path
      .replace('{file}', path.startsWith('/docs') ? 'swagger-ui.css' : 'px.js')
      .replace('{event}', 'order')
      .replace('{slug}', 'changed')
      .replace('{person}', 'visitor-1')
      .replace('{group}', 'acme')
      .replace('{purge}', world.purgeId)
      .replace('{id}', await findId(world, path)),
    query: toGoodQuery(world, operation),
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === null ? {} : { 'content-type': 'application/json' }),
    },
    body: body === null ? null : toGoodBody(world, body.example),
  };
}

function toGoodQuery({ server }: World, { method, path }: ListedOperation): string {
  if (path.startsWith('/api/v1/export/')) return '?from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z';
  if (method !== 'GET' || !path.startsWith('/admin/v1/rollups')) return '';
  return `?project_id=${server.projectId}&from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z`;
}

/** The document's example as JSON; one names a project of its own. */
export function toGoodBody({ server }: World, example: unknown): string {
  return JSON.stringify(example).replace(/"project_id":"\w+"/, `"project_id":"${server.projectId}"`);
}

const putSchema = (control: ControlStore, projectId: string, event = 'order') =>
  control.putEventSchema({ projectId, event, mode: 'warn', schema: {} });

async function findId(world: World, path: string): Promise<string> {
  return path.includes('/keys/{id}') ? (await world.makeKey()).id : world.server.projectId;
}

/** Sends it and reads the answer; of a stream that does not end, its head. */
export async function send({ server }: World, { method, path, body }: ListedOperation, sent: Sent): Promise<Answer> {
  const takesBody = body !== null;
  const leave = new AbortController();
  const response = await fetch(server.url + sent.path + sent.query, {
    method,
    headers: sent.headers,
    body: takesBody ? sent.body : null,
    redirect: 'manual',
    signal: leave.signal,
  });
  const isEndless = path === '/api/v1/live' && response.status === 200;
  const text = isEndless ? '' : await response.text();
  if (isEndless) leave.abort();
  return { status: response.status, headers: response.headers, text };
}

/** Announces a body and sends none of it, to the server that does not wait for long. */
async function sendHalf({ slow, adminToken }: World, operation: ListedOperation): Promise<Answer> {
  const key = operation.access === 'admin' ? adminToken : slow.keys.srv;
  const path = operation.path.replace('{id}', slow.projectId).replace('{event}', 'order');
  const headers = { 'content-length': '10', authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const asking = request(slow.url + path, { method: operation.method, headers }, async (response) => {
      const text = (await response.toArray()).join('');
      const pairs = Object.entries(response.headers).map(([name, value]): [string, string] => [name, String(value)]);
      resolve({ status: response.statusCode ?? 0, headers: new Headers(pairs), text });
    });
    asking.on('error', reject);
    asking.flushHeaders();
  });
}
