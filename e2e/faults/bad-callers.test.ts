import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { event, named, openTarget, type Target } from './bad-input-target.ts';

let target: Target;
let at: Target['at'];
const single: Target['single'] = (...given) => target.single(...given);
const stored: Target['stored'] = (name) => target.stored(name);
const expectAlive: Target['expectAlive'] = () => target.expectAlive();

beforeAll(async () => {
  target = await openTarget();
  at = target.at;
});
afterAll(() => target.close());

describe('bad keys', () => {
  async function makeKey(
    body: Record<string, unknown>,
    projectId = at.projectId,
  ): Promise<{ key: string; key_id: string }> {
    const response = await admin('POST', `/projects/${projectId}/keys`, body);
    return response as { key: string; key_id: string };
  }
  async function admin(method: string, path: string, body: unknown): Promise<Record<string, unknown>> {
    const response = await fetch(`${at.url}/admin/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${at.adminToken}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    return (await response.json()) as Record<string, unknown>;
  }

  it('refuses unknown, malformed, revoked and expired keys, another project, a forbidden origin, a missing scope', async () => {
    const name = named();
    const revoked = await makeKey({ kind: 'pub', name: 'to revoke' });
    await admin('POST', `/keys/${revoked.key_id}/revoke`, {});
    const expired = await makeKey({ kind: 'pub', name: 'to expire', expires_in_ms: 1_000 });
    const reader = await makeKey({ kind: 'srv', name: 'reader', scopes: ['query:read'] });
    const tenant = await admin('POST', '/tenants', { slug: 'acme', tier: 'pro' });
    const project = await admin('POST', '/projects', {
      tenant: 'acme',
      name: 'Acme Web',
      origins: ['https://acme.com', 'https://*.acme.com'],
    });
    expect(tenant).toMatchObject({ created: true });
    const bound = await makeKey({ kind: 'pub', name: 'bound' }, String(project['project_id']));
    await new Promise((resolve) => setTimeout(resolve, 1_100));

    const badChecksum = `${at.apiKey.slice(0, -6)}000000`;
    // Well formed, its checksum right, and nobody's.
    const unknown = 'px_pub_live_P76bslECrz1Ub1dzAbX6e414qARqLK1DAYwX';
    const cases: [Record<string, string>, number, string][] = [
      [{ Authorization: '' }, 401, 'missing_key'],
      [{ Authorization: 'Bearer nonsense' }, 401, 'malformed_key'],
      [{ Authorization: `Bearer ${badChecksum}` }, 401, 'malformed_key'],
      [{ Authorization: `Bearer ${unknown}` }, 401, 'unknown_key'],
      [{ Authorization: `Bearer ${revoked.key}` }, 403, 'revoked_key'],
      [{ Authorization: `Bearer ${expired.key}` }, 403, 'expired_key'],
      [{ Authorization: `Bearer ${reader.key}` }, 403, 'missing_scope'],
      [{ 'X-PX-Project-ID': 'prj_00000000000000000000' }, 403, 'project_mismatch'],
      [{ Authorization: `Bearer ${bound.key}`, Origin: 'https://evil.example' }, 403, 'origin_not_allowed'],
      [{ Authorization: `Bearer ${bound.key}`, Origin: 'https://acme.com.evil.example' }, 403, 'origin_not_allowed'],
    ];
    for (const [headers, status, code] of cases) {
      const answer = await single(event(name), headers);
      expect([code, answer.status, answer.code]).toEqual([code, status, code]);
    }
    expect(
      (await single(event(name), { Authorization: `Bearer ${bound.key}`, Origin: 'https://shop.acme.com' })).status,
    ).toBe(202);
    expect(await stored(name)).toEqual([]);
  });
});

describe('bad connections', () => {
  const head = (length: number): string =>
    `POST /api/v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer ${at.apiKey}\r\nContent-Length: ${length}\r\n\r\n`;

  function open(): ReturnType<typeof connect> {
    return connect(Number(new URL(at.url).port), '127.0.0.1');
  }

  it('stores nothing of a body that is cut off half way', async () => {
    const name = named();
    const body = JSON.stringify(event(name));
    const socket = open();
    await new Promise<void>((resolve) => socket.write(head(body.length) + body.slice(0, -5), () => resolve()));
    socket.destroy();
    expect(await stored(name)).toEqual([]);
    await expectAlive();
  });

  it('ends a client that sends a byte at a time with 408, and serves others meanwhile', async () => {
    const name = named();
    const body = JSON.stringify(event(name));
    const socket = open();
    socket.write(head(body.length));
    let sent = 0;
    const drip = setInterval(() => socket.write(body.charAt(sent++)), 200);
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString();
    });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await expectAlive();
    await closed;
    clearInterval(drip);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('request_timeout');
    expect(await stored(name)).toEqual([]);
  });
});
