import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './test-server.ts';

const servers: Record<string, TestServer> = {};
beforeAll(async () => {
  for (const trustProxy of ['loopback', 'false', 'true', '1', '2', '127.0.0.1/8, 10.0.0.0/8']) {
    servers[trustProxy] = await startTestServer({ trustProxy });
  }
  // Both families, as `HOST=::` does.
  servers['both'] = await startTestServer({ host: '::' });
  servers['::1'] = await startTestServer({ host: '::1' });
});
afterAll(() => Promise.all(Object.values(servers).map((server) => server.close())));

function serverOf(name: string): TestServer {
  const server = servers[name];
  if (server === undefined) throw new Error(`There is no server ${name}.`);
  return server;
}

/** Sends an event with these header lines from `host` and gives the address on its record. */
async function ipOn(name: string, lines: readonly string[], host = '127.0.0.1'): Promise<string | undefined> {
  const server = serverOf(name);
  const body = JSON.stringify({ event: 'x', anonymous_id: 'a' });
  const head = ['POST /api/v1/events HTTP/1.1', 'Host: h', `X-API-Key: ${server.keys.pub}`, 'Connection: close'];
  const socket = connect(server.port, host);
  socket.write([...head, `Content-Length: ${body.length}`, ...lines, '', body].join('\r\n'));
  let answer = '';
  for await (const chunk of socket) answer += chunk;
  expect(answer).toMatch(/^HTTP\/1\.1 202 /);
  return (await server.takeRecords())[0]?.ip;
}

const forwarded = (value: string) => [`X-Forwarded-For: ${value}`];

describe('the address on the record', () => {
  it.each<[trustProxy: string, lines: readonly string[], ip: string]>([
    ['loopback', [], '127.0.0.1'],
    ['loopback', forwarded('203.0.113.7'), '203.0.113.7'],
    ['loopback', forwarded('2001:db8::7'), '2001:db8::7'],
    ['loopback', forwarded('::ffff:203.0.113.7'), '203.0.113.7'],
    ['loopback', forwarded('203.0.113.7:4711'), '203.0.113.7'],
    ['loopback', forwarded('[2001:db8::7]:4711'), '2001:db8::7'],
    ['loopback', forwarded('[2001:db8::7]'), '2001:db8::7'],
    // What the client wrote itself stands left of what the proxy saw.
    ['loopback', forwarded('192.0.2.66, 203.0.113.7'), '203.0.113.7'],
    ['loopback', forwarded('<script>, 203.0.113.7'), '203.0.113.7'],
    ['loopback', [...forwarded('192.0.2.66'), ...forwarded('203.0.113.7')], '203.0.113.7'],
    ['loopback', forwarded('203.0.113.7, 127.0.0.1, ::1'), '203.0.113.7'],
    ['loopback', forwarded('203.0.113.7, <script>'), ''],
    ['loopback', forwarded('unknown'), ''],
    ['loopback', forwarded('999.1.1.1'), ''],
    ['loopback', forwarded(', , ,'), '127.0.0.1'],
    [
      'loopback',
      ['Forwarded: for=203.0.113.7', 'X-Real-IP: 203.0.113.7', 'CF-Connecting-IP: 203.0.113.7'],
      '127.0.0.1',
    ],
    ['false', forwarded('203.0.113.7'), '127.0.0.1'],
    ['false', forwarded('<script>'), '127.0.0.1'],
    ['true', forwarded('192.0.2.66, 203.0.113.7'), '192.0.2.66'],
    ['1', forwarded('192.0.2.66, 203.0.113.7'), '203.0.113.7'],
    ['2', forwarded('192.0.2.66, 203.0.113.7, 10.0.0.1'), '203.0.113.7'],
    ['127.0.0.1/8, 10.0.0.0/8', forwarded('192.0.2.66, 203.0.113.7, 10.0.0.1'), '203.0.113.7'],
  ])('TRUST_PROXY=%s with %j is %s', async (trustProxy, lines, ip) => {
    expect(await ipOn(trustProxy, lines)).toBe(ip);
  });

  it('is found among a thousand hops, and is none where it is 8 kB long', async () => {
    const hops = forwarded(Array.from({ length: 1_000 }, (_, n) => `198.51.100.${n % 250}`).join(','));
    expect(await ipOn('loopback', hops)).toBe('198.51.100.249');
    expect(await ipOn('true', hops)).toBe('198.51.100.0');
    expect(await ipOn('loopback', forwarded('x'.repeat(8_000)))).toBe('');
  });

  it('is that of an IPv6 socket, and of an IPv4 one that came to it', async () => {
    expect(await ipOn('::1', [], '::1')).toBe('::1');
    expect(await ipOn('both', [], '::1')).toBe('::1');
    expect(await ipOn('both', [], '127.0.0.1')).toBe('127.0.0.1');
  });

  it('is believed of a proxy on this machine, by whichever family it comes', async () => {
    for (const host of ['::1', '127.0.0.1']) {
      expect(await ipOn('both', forwarded('203.0.113.7'), host)).toBe('203.0.113.7');
    }
  });
});

describe('what else looks at addresses', () => {
  const statusOf = async (name: string, path: string, value: string, headers = {}) => {
    const response = await fetch(serverOf(name).url + path, { headers: { 'x-forwarded-for': value, ...headers } });
    return response.status;
  };

  it('opens the metrics to no address that is none', async () => {
    for (const value of ['<script>', 'unknown', '999.1.1.1', '203.0.113.7', '::ffff:203.0.113.7', '2001:db8::7']) {
      expect([value, await statusOf('loopback', '/metrics', value)]).toEqual([value, 403]);
    }
    for (const value of ['10.1.2.3', '::ffff:10.1.2.3', 'fd00::1', '10.1.2.3:80']) {
      expect([value, await statusOf('loopback', '/metrics', value)]).toEqual([value, 200]);
    }
    expect(await statusOf('false', '/metrics', '203.0.113.7')).toBe(200);
  });

  it('counts a rate by key, not by address', async () => {
    const server = serverOf('true');
    const { secret } = await server.makeKey({ kind: 'srv', scopes: ['events:write'], ratePerMinute: 2 });
    const statuses: number[] = [];
    for (const last of [1, 2, 3]) {
      const headers = { 'x-api-key': secret };
      statuses.push(await statusOf('true', '/api/v1/events/queue/status', `203.0.113.${last}`, headers));
    }
    expect(statuses).toEqual([200, 200, 429]);
  });

  it('logs none', async () => {
    await statusOf('true', '/health/live', '203.0.113.99');
    for (const server of Object.values(servers)) expect(JSON.stringify(server.logLines)).not.toContain('203.0.113.99');
  });
});
