import { expect, it } from 'vitest';
import { toRecordHead } from './to-record-head.ts';

const at = new Date(1_750_000_000_000);
const tenant = { id: 't1', slug: 'acme', tier: 'free', created_at: at } as const;
const project = {
  id: 'p1',
  tenant_id: 't1',
  name: 'Web',
  origins: [],
  ip_policy: 'drop',
  retention_days: 30,
  plan_version: 0,
  created_at: at,
} as const;
const key = {
  id: 'k1',
  project_id: 'p1',
  kind: 'pub',
  mode: 'test',
  name: 'web',
  prefix: 'px_pub_test_abcd',
  scopes: ['events:write'],
  created_at: at,
  expires_at: null,
  last_used_at: null,
  revoked_at: null,
  rate_per_minute: null,
} as const;

it.each([
  ['1', true],
  ['0', undefined],
  ['true', undefined],
  [undefined, undefined],
])('reads Sec-GPC %s as %s', (value, gpc) => {
  const head = toRecordHead(
    { ip: '203.0.113.7', headers: value === undefined ? {} : { 'sec-gpc': value } },
    {
      context: { requestId: 'r1', traceparent: null, receivedAt: 1, caller: null, outcome: 'ok' },
      caller: {
        kind: 'key',
        grant: { key: { ...key, scopes: [...key.scopes] }, project: { ...project, origins: [], settings: {} }, tenant },
        project: { ...project, origins: [], settings: {} },
        tenant,
        scopes: key.scopes,
      },
      batch: { events: [], defaults: {}, sentAt: null },
      schemaVersion: '1.0.0',
    },
  );
  expect(head.gpc).toBe(gpc);
});
