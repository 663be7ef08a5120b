import { randomBytes } from 'node:crypto';
import {
  createMemoryControl,
  createSecret,
  type KeyKind,
  parseSecret,
  type Scope,
  toSecretSha256,
} from '@px-platform/control';
import { beforeEach, describe, expect, it } from 'vitest';
import { createAuthenticator } from './authenticate.ts';
import { createReadToken } from './read-token.ts';

const tokenSecret = Buffer.alloc(32, 1);
let now = 0;
let used: string[] = [];
let lookUps = 0;
let control = createMemoryControl();

beforeEach(() => {
  now = Date.UTC(2026, 0, 1);
  used = [];
  lookUps = 0;
  control = createMemoryControl({ clock: () => now });
});

function createSubject() {
  return createAuthenticator({
    control: {
      findGrant(hash) {
        lookUps++;
        return control.findGrant(hash);
      },
    },
    clock: () => now,
    tokenSecret,
    onUse: (id) => used.push(id),
  });
}

async function createKey(
  given: { kind?: KeyKind; scopes?: Scope[]; origins?: string[]; expiresAt?: Date; project?: string } = {},
) {
  const { kind = 'srv', scopes = ['events:write', 'query:read'], origins = [], expiresAt = null } = given;
  const tenant = (await control.createTenant({ slug: 'acme', tier: 'free' })).value;
  const name = given.project ?? 'Web';
  const project = (
    await control.createProject({ tenantId: tenant.id, name, origins, ipPolicy: 'drop', retentionDays: 1 })
  ).value;
  const secret = createSecret({ kind, mode: 'live' }, randomBytes);
  const key = await control.createKey({
    projectId: project.id,
    kind,
    mode: 'live',
    name: 'key',
    prefix: parseSecret(secret)?.prefix ?? '',
    secretSha256: toSecretSha256(secret),
    scopes,
    expiresAt,
    ratePerMinute: null,
  });
  return { secret, key, project };
}

function toRequest(headers: Record<string, string>, query: Record<string, unknown> = {}) {
  return { header: (name: string) => headers[name.toLowerCase()], query };
}

const bearer = (secret: string, more: Record<string, string> = {}) =>
  toRequest({ authorization: `Bearer ${secret}`, ...more });
const write = { scope: 'events:write' } as const;
const read = { scope: 'query:read' } as const;

describe('where the key may stand', () => {
  it.each<[string, (key: string) => ReturnType<typeof toRequest>]>([
    ['Authorization: Bearer', (key) => bearer(key)],
    ['Authorization: bearer', (key) => toRequest({ authorization: `bearer  ${key} ` })],
    ['X-API-Key', (key) => toRequest({ 'x-api-key': key })],
    ['Basic user name', (key) => toRequest({ authorization: `Basic ${btoa(`${key}:`)}` })],
    ['Basic user name with a password', (key) => toRequest({ authorization: `Basic ${btoa(`${key}:secret`)}` })],
    ['?api_key=', (key) => toRequest({}, { api_key: key })],
    ['?token=', (key) => toRequest({}, { token: key })],
    ['X-API-Key beside an unknown scheme', (key) => toRequest({ authorization: 'Digest abc', 'x-api-key': key })],
  ])('takes it as %s', async (_name, toPlaced) => {
    const { secret, key } = await createKey();
    expect(await createSubject().authenticate(toPlaced(secret), write)).toMatchObject({
      kind: 'key',
      grant: { key: { id: key.id } },
    });
  });

  it('takes it from the body', async () => {
    const { secret } = await createKey();
    expect(await createSubject().authenticate(toRequest({}), { ...write, bodyKey: secret })).toMatchObject({
      kind: 'key',
    });
  });

  it('takes it from several places where it is the same, and refuses keys that differ before any look-up', async () => {
    const { secret } = await createKey();
    const { secret: other } = await createKey();
    const subject = createSubject();
    const everywhere = toRequest(
      { authorization: `Bearer ${secret}`, 'x-api-key': secret },
      { api_key: [secret, secret] },
    );
    expect(await subject.authenticate(everywhere, { ...write, bodyKey: secret })).toMatchObject({ kind: 'key' });
    lookUps = 0;
    for (const [request, bodyKey] of [
      [bearer(secret, { 'x-api-key': other }), undefined],
      [bearer(`${secret}, Bearer ${other}`), undefined],
      [toRequest({}, { api_key: secret, token: other }), undefined],
      [bearer(secret), other],
    ] as const) {
      expect(await subject.authenticate(request, { ...write, bodyKey })).toMatchObject({ code: 'invalid_parameter' });
    }
    expect(lookUps).toBe(0);
  });

  it.each([
    ['nothing', toRequest({})],
    ['an empty header', toRequest({ authorization: '', 'x-api-key': ' ' })],
    ['a parameter that is a list of nothing', toRequest({}, { api_key: ['', ''] })],
    ['another scheme', toRequest({ authorization: 'Digest username="a", realm="b"' })],
    ['an empty user name', toRequest({ authorization: `Basic ${btoa(':password')}` })],
  ])('finds none in %s', async (_name, request) => {
    expect(await createSubject().authenticate(request, write)).toMatchObject({ code: 'missing_key' });
  });
});

describe('which keys are refused', () => {
  it('refuses a wrong checksum before any look-up', async () => {
    const { secret } = await createKey();
    const wrong = secret.slice(0, -1) + (secret.endsWith('a') ? 'b' : 'a');
    const subject = createSubject();
    for (const text of [wrong, 'nonsense', `${secret}x`, '__proto__', '\u0000']) {
      expect(await subject.authenticate(bearer(text), write)).toMatchObject({ code: 'malformed_key' });
    }
    expect(lookUps).toBe(0);
  });

  it('refuses a key that was never made', async () => {
    const secret = createSecret({ kind: 'srv', mode: 'live' }, randomBytes);
    expect(await createSubject().authenticate(bearer(secret), write)).toMatchObject({ code: 'unknown_key' });
    expect(used).toEqual([]);
  });

  it('refuses a revoked key within 5 s of its revocation', async () => {
    const { secret, key } = await createKey();
    const subject = createSubject();
    expect(await subject.authenticate(bearer(secret), write)).toMatchObject({ kind: 'key' });
    now += 3_000;
    await control.revokeKey(key.id, new Date(now));
    for (let waitedMs = 0; waitedMs < 5_000; waitedMs += 500) {
      now += 500;
      await subject.authenticate(bearer(secret), write);
    }
    expect(await subject.authenticate(bearer(secret), write)).toMatchObject({ code: 'revoked_key' });
  });

  it('refuses an expired key from its instant on, cached or not', async () => {
    const expiresAt = new Date(now + 1_000);
    const { secret } = await createKey({ expiresAt });
    const subject = createSubject();
    now = expiresAt.getTime() - 1;
    expect(await subject.authenticate(bearer(secret), write)).toMatchObject({ kind: 'key' });
    now = expiresAt.getTime();
    expect(await subject.authenticate(bearer(secret), write)).toMatchObject({ code: 'expired_key' });
    expect(lookUps).toBe(1);
  });

  it("refuses another project's id, and takes its own", async () => {
    const { secret, project } = await createKey();
    const other = await createKey({ project: 'Other' });
    const subject = createSubject();
    const named = (id: string) => subject.authenticate(bearer(secret, { 'x-px-project-id': id }), write);
    expect(await named(project.id)).toMatchObject({ kind: 'key' });
    expect(await named(other.project.id)).toMatchObject({ code: 'project_mismatch' });
    expect(await named('')).toMatchObject({ code: 'project_mismatch' });
  });

  it('refuses what the scopes do not hold, and says what is needed', async () => {
    const { secret } = await createKey({ scopes: ['query:read'] });
    const subject = createSubject();
    expect(await subject.authenticate(bearer(secret), read)).toMatchObject({ kind: 'key' });
    expect(await subject.authenticate(bearer(secret), write)).toMatchObject({
      code: 'missing_scope',
      details: { needed: 'events:write' },
    });
  });

  it('lets a pub key only write events, whatever is stored of it', async () => {
    const { secret } = await createKey({ kind: 'pub', scopes: ['events:write', 'query:read', 'admin'] });
    const subject = createSubject();
    expect(await subject.authenticate(bearer(secret), write)).toMatchObject({ scopes: ['events:write'] });
    for (const scope of ['query:read', 'audit:write', 'admin'] as const) {
      expect(await subject.authenticate(bearer(secret), { scope })).toMatchObject({ code: 'missing_scope' });
    }
  });

  it('hears of each accepted use, and of no refused one', async () => {
    const { secret, key } = await createKey({ scopes: ['events:write'] });
    const subject = createSubject();
    await subject.authenticate(bearer(secret), write);
    await subject.authenticate(bearer(secret), read);
    await subject.authenticate(bearer(secret), write);
    expect(used).toEqual([key.id, key.id]);
    expect(lookUps).toBe(1);
  });
});

describe('the origin of a page', () => {
  const origins = ['https://acme.com', 'https://*.acme.com'];

  it.each(['https://acme.com', 'https://www.acme.com'])('lets %s use a key bound to it', async (origin) => {
    const { secret } = await createKey({ kind: 'pub', origins });
    expect(await createSubject().authenticate(bearer(secret, { origin }), write)).toMatchObject({ kind: 'key' });
  });

  it.each(['https://acme.com.evil.com', 'https://evilacme.com', 'http://acme.com', 'null', ''])(
    'refuses %j',
    async (origin) => {
      const { secret } = await createKey({ kind: 'pub', origins });
      const answer = await createSubject().authenticate(bearer(secret, { origin }), write);
      expect(answer).toMatchObject({ code: 'origin_not_allowed' });
      expect(used).toEqual([]);
    },
  );

  it('lets a bound key through without an origin, and an unbound one from anywhere', async () => {
    const bound = await createKey({ kind: 'pub', origins });
    const unbound = await createKey({ kind: 'pub', project: 'Open' });
    const subject = createSubject();
    expect(await subject.authenticate(bearer(bound.secret), write)).toMatchObject({ kind: 'key' });
    expect(await subject.authenticate(bearer(unbound.secret, { origin: 'https://any.com' }), write)).toMatchObject({
      kind: 'key',
    });
  });

  it('does not look at the origin of a srv key', async () => {
    const { secret } = await createKey({ origins });
    const request = bearer(secret, { origin: 'https://elsewhere.com' });
    expect(await createSubject().authenticate(request, write)).toMatchObject({ kind: 'key' });
  });
});

describe('read tokens', () => {
  it('read their project until they expire, and nothing else', async () => {
    const expiresAt = now + 60_000;
    const token = createReadToken(tokenSecret, { projectId: 'prj_1', expiresAt });
    const subject = createSubject();
    expect(await subject.authenticate(toRequest({}, { token }), read)).toEqual({
      kind: 'read_token',
      projectId: 'prj_1',
      scopes: ['query:read'],
    });
    expect(await subject.authenticate(bearer(token), write)).toMatchObject({ code: 'missing_scope' });
    expect(await subject.authenticate(bearer(token, { 'x-px-project-id': 'prj_2' }), read)).toMatchObject({
      code: 'project_mismatch',
    });
    now = expiresAt;
    expect(await subject.authenticate(bearer(token), read)).toMatchObject({ code: 'invalid_token' });
    expect(lookUps).toBe(0);
  });

  it('are refused when forged', async () => {
    const token = createReadToken(Buffer.alloc(32, 2), { projectId: 'prj_1', expiresAt: now + 60_000 });
    expect(await createSubject().authenticate(bearer(token), read)).toMatchObject({ code: 'invalid_token' });
  });
});
