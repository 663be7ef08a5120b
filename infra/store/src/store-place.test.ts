import { parseConfig } from '@px-platform/runtime';
import { expect, it } from 'vitest';
import { storeConfigSchema, toStorePlace } from './store-place.ts';

const toPlace = (env: Record<string, string>) => toStorePlace(parseConfig(storeConfigSchema, env), '/data/store');
const url = 'http://127.0.0.1:8123';

it('puts the store into the data folder, on a server, or on a cluster of servers', () => {
  expect(toPlace({})).toEqual({ kind: 'embedded', path: '/data/store' });
  expect(toPlace({ CLICKHOUSE_URL: url })).toEqual({ kind: 'server', urls: [url], cluster: null });
  expect(toPlace({ CLICKHOUSE_URL: url, CLICKHOUSE_CLUSTER: 'main' })).toEqual({
    kind: 'server',
    urls: [url],
    cluster: 'main',
  });
});

it('refuses a cluster without a server, and a name that is none', () => {
  expect(() => toPlace({ CLICKHOUSE_CLUSTER: 'main' })).toThrow(/CLICKHOUSE_URL is not/);
  expect(() => toPlace({ CLICKHOUSE_URL: url, CLICKHOUSE_CLUSTER: "a' ON" })).toThrow(/CLICKHOUSE_CLUSTER: must be/);
});
