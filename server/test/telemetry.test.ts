import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './test-server.ts';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const send = (body: object, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server.url}/api/v1/events?secret=in-the-query`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.77', ...headers },
  });
const lineOf = (response: Response) =>
  expect
    .poll(() => server.logLines.find((line) => line['request_id'] === response.headers.get('x-request-id')))
    .toBeDefined()
    .then(() => server.logLines.find((line) => line['request_id'] === response.headers.get('x-request-id')) ?? {});

describe('the log line of a request', () => {
  const always = ['latency_ms', 'level', 'method', 'outcome', 'request_id', 'route', 'status'];

  it('says whose it was, how long it took and how it ended, and nothing that is not ours to keep', async () => {
    const headers = { 'x-api-key': server.keys.pub, traceparent };
    const line = await lineOf(await send({ event: 'told-to-nobody', anonymous_id: 'anna@example.com' }, headers));
    expect(Object.keys(line).sort()).toEqual([...always, 'key_prefix', 'project_id', 'tenant_id', 'trace_id'].sort());
    expect(line).toMatchObject({ outcome: 'ok', status: 202, project_id: server.projectId, route: '/api/v1/events' });
    expect(line['latency_ms']).toBeGreaterThan(0);
    const all = JSON.stringify(server.logLines);
    for (const secret of [server.keys.pub, 'told-to-nobody', 'anna@example.com', '203.0.113.77', 'in-the-query']) {
      expect(all).not.toContain(secret);
    }
  });

  it('has no caller where there was none', async () => {
    const line = await lineOf(await send({ event: 'e' }));
    expect(Object.keys(line).sort()).toEqual(always);
    expect(line).toMatchObject({ outcome: 'missing_key', status: 401 });
  });
});

describe('/metrics', () => {
  it.each([
    'px_http_requests_total{route="/api/v1/events",method="POST",status="202",outcome="ok"} 1',
    'px_http_request_seconds_count{route="/api/v1/events"}',
    'px_ingest_events_accepted_total 1',
    'px_ingest_events_rejected_total{code="missing_person"} 1',
    'px_ingest_body_bytes_total',
    'px_ingest_inflated_bytes_total',
    'px_ingest_append_seconds_count 1',
    'px_log_fsync_seconds_count',
    'px_queue_depth',
    'px_queue_lag{topic="events.v1",partition="0"}',
    'px_queue_oldest_age_seconds',
    'px_queue_bytes',
    'px_queue_max_bytes',
    'px_spool_records{topic="events.v1"} 0',
    'px_rate_limited_total',
    'px_live_streams 0',
    'px_ingest_in_flight 0',
    'px_ingest_in_flight_bytes 0',
    'px_ingest_wait_seconds_count',
    'px_ingest_refused_total',
  ])('tells %s', async (sample) => {
    if (sample.includes('rejected')) await send({ event: 'nobody' }, { 'x-api-key': server.keys.pub });
    const text = await (await fetch(`${server.url}/metrics`)).text();
    expect(text).toContain(sample);
  });
});
