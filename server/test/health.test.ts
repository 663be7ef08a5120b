import { afterEach, describe, expect, it } from 'vitest';
import { adminToken, startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
afterEach(() => server.close());

async function look(path: string) {
  const response = await fetch(server.url + path);
  return { status: response.status, body: JSON.parse(await response.text()) };
}

describe('/health', () => {
  it('shows each dependency with its state and latency', async () => {
    server = await startTestServer({ healthChecks: { processor: async () => {} } });
    const ok = { status: 'ok', latency_ms: expect.any(Number) };
    for (const path of ['/health', '/health/ready']) {
      expect(await look(path)).toEqual({
        status: 200,
        body: {
          status: 'ok',
          version: expect.stringMatching(/^\d+\.\d+\.\d+/),
          uptime_ms: expect.any(Number),
          dependencies: { log: ok, ingest: ok, store: ok, control: ok, processor: ok },
        },
      });
    }
    expect(await look('/health/live')).toMatchObject({ status: 200, body: { status: 'ok', dependencies: {} } });
  });

  it('is degraded where only reading or processing is hurt', async () => {
    server = await startTestServer({ healthChecks: { processor: () => Promise.reject(new Error('secret detail')) } });
    server.reader.isAway = true;
    const { status, body } = await look('/health/ready');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'degraded',
      dependencies: { log: { status: 'ok' }, store: { status: 'down' }, processor: { status: 'down' } },
    });
    expect(JSON.stringify(body)).not.toContain('secret');
    expect(server.logLines).toContainEqual(
      expect.objectContaining({ dependency: 'processor', err: expect.any(Error) }),
    );
  });

  it.each<[string, (server: TestServer) => void]>([['control', (one) => void one.control.close()]])(
    'is 503 where events cannot be taken for want of %s',
    async (name, breakIt) => {
      server = await startTestServer();
      breakIt(server);
      expect(await look('/health/ready')).toMatchObject({
        status: 503,
        body: { status: 'down', dependencies: { [name]: { status: 'down' } } },
      });
      expect((await look('/health/live')).status).toBe(200);
      server = await startTestServer();
    },
  );

  it('does not wait for a dependency that hangs', async () => {
    server = await startTestServer({ healthChecks: { stuck: () => new Promise(() => {}) } });
    expect(await look('/health')).toMatchObject({
      body: { status: 'degraded', dependencies: { stuck: { status: 'down', message: 'no answer within 2000 ms' } } },
    });
  });
});

describe('/metrics', () => {
  const get = (headers: Record<string, string> = {}) => fetch(`${server.url}/metrics`, { headers });

  it('tells what runs beside the server after its own', async () => {
    server = await startTestServer({ otherMetrics: async () => 'px_beside_total 7\n' });
    const text = await (await get()).text();
    expect(text).toMatch(/^# TYPE px_http_requests_total/m);
    expect(text).toMatch(/\npx_beside_total 7\n$/);
  });

  it('tells its own where the others are away', async () => {
    server = await startTestServer({ otherMetrics: () => Promise.reject(new Error('away')) });
    const answer = await get();
    expect(answer.status).toBe(200);
    expect(await answer.text()).toMatch(/^# TYPE px_http_requests_total/m);
  });

  it('counts requests by route, events by outcome and bytes, and shows the queue', async () => {
    server = await startTestServer();
    const body = JSON.stringify({ events: [{ event: 'x', anonymous_id: 'a' }, { event: 'x' }] });
    const headers = { 'x-api-key': server.keys.pub };
    await fetch(`${server.url}/api/v1/events/batch`, { method: 'POST', body, headers });
    const text = await (await get()).text();
    expect(text).toContain(
      'px_http_requests_total{route="/api/v1/events/batch",method="POST",status="202",outcome="ok"} 1',
    );
    expect(text).toContain('px_ingest_events_accepted_total 1\n');
    expect(text).toContain('px_ingest_events_rejected_total{code="missing_person"} 1\n');
    expect(text).toContain(`px_ingest_body_bytes_total ${body.length}\n`);
    expect(text).toContain('px_queue_depth{topic="events.v1"} 1\n');
    expect(text).toContain('px_queue_depth{topic="audit.events.v1"} 0\n');
    expect(text).toMatch(/px_queue_lag\{topic="events\.v1",partition="\d+"\} 1\n/);
    expect(text).toContain('px_ingest_append_seconds_count 1\n');
    expect(text).toContain('process_cpu_seconds_total');
  });

  it('is for private networks or the admin token', async () => {
    server = await startTestServer();
    const publicVisitor = { 'x-forwarded-for': '203.0.113.9' };
    const refused = await get(publicVisitor);
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ error: { code: 'not_private' } });
    expect((await get({ 'x-forwarded-for': '10.1.2.3' })).status).toBe(200);
    expect((await get({ ...publicVisitor, authorization: `Bearer ${adminToken}` })).status).toBe(200);
    expect((await get({ ...publicVisitor, authorization: 'Bearer wrong' })).status).toBe(403);
  });
});

describe('the log line of a request', () => {
  it('names tenant, project, key and request, and neither key, address, body nor query', async () => {
    server = await startTestServer();
    await fetch(`${server.url}/api/v1/events?api_key=${server.keys.pub}&secret=1`, {
      method: 'POST',
      body: JSON.stringify({ event: 'private-name', anonymous_id: 'private-person' }),
      headers: { 'x-request-id': 'line-1', 'x-forwarded-for': '203.0.113.9' },
    });
    await expect.poll(() => server.logLines).toHaveLength(1);
    expect(server.logLines[0]).toEqual({
      level: 'info',
      request_id: 'line-1',
      tenant_id: expect.stringMatching(/^ten_/),
      project_id: server.projectId,
      key_prefix: server.keys.pub.slice(0, 16),
      method: 'POST',
      route: '/api/v1/events',
      status: 202,
      outcome: 'ok',
      latency_ms: expect.any(Number),
    });
  });

  it('is written for refused and unknown requests too', async () => {
    server = await startTestServer();
    await fetch(`${server.url}/api/v1/events`, { method: 'POST', body: '{' });
    await fetch(`${server.url}/somewhere/secret`);
    await expect.poll(() => server.logLines).toHaveLength(2);
    expect(server.logLines).toMatchObject([
      { route: '/api/v1/events', status: 400, outcome: 'invalid_json' },
      { route: 'unmatched', status: 404, outcome: 'not_found' },
    ]);
  });
});
