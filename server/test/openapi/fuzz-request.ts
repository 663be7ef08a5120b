import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { toArbitrary, toDamaged } from './arbitrary.ts';
import { toGoodBody } from './provoke.ts';
import type { ListedOperation, Parameter } from './the-document.ts';
import type { World } from './world.ts';

/** One request of the fuzzer; `path` is as it stands on the wire, query included. */
export interface FuzzRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
}

/** What the requests may speak of. */
export interface Known {
  readonly world: World;
  readonly keyId: string;
}

/** Makes requests to one operation: as the document says, and with this or that wrong. */
export function toRequest(operation: ListedOperation, known: Known): fc.Arbitrary<FuzzRequest> {
  const good = toCredentials(operation, known.world);
  const parts = fc.record({
    path: toPath(operation, known),
    query: toQuery(operation, known),
    credentials: fc.oneof({ weight: 12, arbitrary: fc.constant(good) }, toBadCredentials(known.world)),
    listed: toListedHeaders(operation.parameters),
    odd: fc.oneof({ weight: 6, arbitrary: fc.constant({}) }, oddHeaders(known.world)),
    body: operation.body === null ? fc.constant({ body: null, headers: {} }) : toBody(operation.body, known.world),
  });
  return parts.map(({ path, query, credentials, listed, odd, body }) => {
    const search = [...query, ...credentials.query].join('&');
    return {
      path: search === '' ? path : `${path}?${search}`,
      headers: { ...listed, ...credentials.headers, ...body.headers, ...odd },
      body: body.body,
    };
  });
}

interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: readonly string[];
}

const bearer = (secret: string): Credentials => ({ headers: { authorization: `Bearer ${secret}` }, query: [] });

function toCredentials({ access }: ListedOperation, { key, adminToken }: World): Credentials {
  if (access === 'anyone') return { headers: {}, query: [] };
  return bearer(access === 'admin' ? adminToken : key);
}

function toBadCredentials({ server, key, unknownKey, adminToken }: World): fc.Arbitrary<Credentials> {
  const secret = fc.oneof(
    fc.constantFrom(key, server.keys.pub, server.keys.reading, server.keys.other, unknownKey, adminToken, `${key}x`),
    headerText,
  );
  return fc.oneof(
    fc.constant({ headers: {}, query: [] }),
    secret.map(bearer),
    headerText.map((text) => ({ headers: { authorization: text }, query: [] })),
    secret.map((one) => ({ headers: { 'x-api-key': one }, query: [] })),
    secret.map((one) => ({ headers: { authorization: `Basic ${Buffer.from(one).toString('base64')}` }, query: [] })),
    secret.map((one) => ({ headers: {}, query: [`api_key=${encodeURIComponent(one)}`] })),
    secret.map((one) => ({ headers: {}, query: ['api_key[]=1', `token=${encodeURIComponent(one)}`] })),
  );
}

function toPath({ path }: ListedOperation, { world, keyId }: Known): fc.Arbitrary<string> {
  const real = path.includes('{slug}') ? ['changed'] : path.includes('/keys/{id}') ? [keyId] : [world.server.projectId];
  const files = [
    'px.js',
    'px.0123456789abcdef.js',
    'integrity.json',
    'swagger-ui.css',
    'favicon-32x32.png',
    'start.js',
  ];
  const segment = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...(path.includes('{file}') ? files : real)) },
    fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }).map(encode),
    fc.constantFrom('%E0%A4%A', '%', '%00', '..%2f..%2fpackage.json', '__proto__', '%20', 'a'.repeat(4_000)),
  );
  const event = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }).map(encode);
  return fc.tuple(segment, fc.oneof(fc.constantFrom('order', 'page_view'), event)).map(([one, name]) =>
    path
      .replace('{event}', () => name)
      .replace('{purge}', () => (name === 'order' || name === 'page_view' ? world.purgeId : name))
      .replace('{group}', () => (name === 'order' || name === 'page_view' ? 'acme' : name))
      .replace('{person}', () => (name === 'order' || name === 'page_view' ? 'visitor-1' : name))
      .replace(/\{\w+\}/, () => one),
  );
}

/** `.` and `..` would be another path. */
const encode = (text: string) => encodeURIComponent(text.toWellFormed()).replace(/^\.{1,2}$/, '%2e');

function toQuery({ parameters }: ListedOperation, { world }: Known): fc.Arbitrary<string[]> {
  const listed = parameters
    .filter((one) => one.in === 'query')
    .map(({ name, schema, required }) => {
      // Any two instants are seldom a range that is short enough, any id seldom a project.
      const likely = new Map([
        ['project_id', world.server.projectId],
        ['from', '2026-01-01T00:00:00Z'],
        ['to', '2026-01-31T00:00:00Z'],
      ]).get(name);
      const value = toArbitrary(schema);
      const good = (likely === undefined ? value : fc.oneof({ weight: 3, arbitrary: fc.constant(likely) }, value)).map(
        (one) => `${name}=${encodeURIComponent(String(one).toWellFormed())}`,
      );
      const odd = fc.oneof(
        oddQueryValue.map((value) => `${name}=${value}`),
        fc.constant(`${name}=1&${name}=2`),
      );
      const none = fc.constant('');
      return fc.oneof({ weight: 6, arbitrary: good }, odd, { weight: required === true ? 1 : 3, arbitrary: none });
    });
  const extra = fc.oneof(
    { weight: 6, arbitrary: fc.constant('') },
    oddQueryValue.map((value) => `x[y][]=${value}`),
  );
  return fc.tuple(...listed, extra).map((pairs) => pairs.filter((pair) => pair !== ''));
}

const oddQueryValue = fc.oneof(
  fc.string({ maxLength: 20, unit: 'binary' }).map(encode),
  fc.constantFrom('', '%', '%ff', '-1', '1e9', 'NaN', '%00', 'now', '2026-02-30T00:00:00Z', '[object]'),
);

function toListedHeaders(parameters: readonly Parameter[]): fc.Arbitrary<Record<string, string>> {
  // Any text in its place is refused: `oddHeaders` has it.
  const named = parameters.filter((one) => one.in === 'header' && one.name !== 'X-PX-Project-ID');
  const model: Record<string, fc.Arbitrary<string>> = Object.fromEntries(
    named.map(({ name, schema }) => [
      name.toLowerCase(),
      schema.pattern === undefined ? headerText : toArbitrary(schema).map(String),
    ]),
  );
  return fc.record(model, { requiredKeys: [] }).map((given) => {
    const sent: Record<string, string> = {};
    for (const [name, value] of Object.entries(given)) if (value !== undefined) sent[name] = value;
    return sent;
  });
}

/** What a header may hold, and node sends as it is. */
const headerText = fc.oneof(
  fc.string({ maxLength: 40 }).map((text) => text.trim()),
  fc.constantFrom('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'ÿþ', 'a'.repeat(300), '"', 'a,b;c=d'),
);

function oddHeaders({ server }: World): fc.Arbitrary<Record<string, string>> {
  return fc.record(
    {
      'x-px-project-id': fc.oneof(fc.constantFrom(server.projectId, 'prj_other'), headerText),
      'x-event-schema-version': fc.oneof(fc.constantFrom('1.9.0', '2.0.0', '1', ''), headerText),
      'content-type': fc.oneof(
        fc.constantFrom(
          'text/plain;charset=utf-8',
          'application/json; charset=utf-16',
          'application/xml',
          'multipart/form-data',
        ),
        headerText,
      ),
      'content-encoding': fc.constantFrom('br', 'deflate', 'gzip, gzip', 'identity', ''),
      origin: fc.oneof(fc.constantFrom('null', 'https://shop.example', 'https://other.example'), headerText),
      'x-forwarded-for': fc.oneof(fc.constantFrom('203.0.113.7', '::1', '10.0.0.1, x, 8.8.8.8'), headerText),
      'last-event-id': headerText,
      'if-none-match': fc.oneof(fc.constant('*'), headerText),
      range: fc.oneof(fc.constantFrom('bytes=0-1', 'bytes=-1', 'bytes=9-1'), headerText),
      'accept-encoding': fc.oneof(fc.constantFrom('gzip', 'br', '*;q=0'), headerText),
      accept: headerText,
      'user-agent': headerText,
      'sec-ch-ua': headerText,
      cookie: headerText,
    },
    { requiredKeys: [] },
  );
}

interface Body {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

function toBody({ schema, types, example }: NonNullable<ListedOperation['body']>, world: World): fc.Arbitrary<Body> {
  const value = toArbitrary(schema);
  const good = value.map((one) => JSON.stringify(one));
  // What fits the shape alone may still be refused, as a range that ends before it begins.
  const own = fc.constant(toGoodBody(world, example));
  const text = fc.oneof(
    { weight: 2, arbitrary: own },
    { weight: 6, arbitrary: good },
    { weight: 5, arbitrary: toDamaged(schema) },
    junk,
  );
  const typed = fc.constantFrom(...types);
  return fc.oneof(
    { weight: 8, arbitrary: fc.tuple(text, typed).map(([one, type]) => toPlain(Buffer.from(one), type)) },
    { weight: 2, arbitrary: fc.tuple(text, typed, fc.boolean(), fc.nat(40)).map(toZipped) },
    fc.tuple(fc.uint8Array({ maxLength: 200 }), typed).map(([bytes, type]) => toPlain(Buffer.from(bytes), type)),
  );
}

const toPlain = (body: Buffer, type: string): Body => ({ body, headers: { 'content-type': type } });

/** Gzip that says so or not, in one of four cut off or followed by more. */
function toZipped([text, type, isDeclared, at]: [string, string, boolean, number]): Body {
  const whole = gzipSync(text);
  const body = at < 5 ? whole.subarray(0, at * 3) : at < 10 ? Buffer.concat([whole, Buffer.from('more')]) : whole;
  return { body, headers: { 'content-type': type, ...(isDeclared ? { 'content-encoding': 'gzip' } : {}) } };
}

const junk = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 100 }),
  fc.constantFrom(
    '',
    ' ',
    // Over what any key may send.
    ' '.repeat(1_100_000),
    '{',
    '[]',
    'null',
    '"x"',
    '0',
    '\uFEFF{}',
    '{"a":1}{"b":2}',
    '\0',
    '{"events":[null,1,"x",[],{}]}',
  ),
);
