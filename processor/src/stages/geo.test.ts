import type { IpPolicy } from '@px-platform/schemas';
import { expect, test } from 'vitest';
import { makePipelineEvent, toRow } from '../../test/pipeline-event.ts';
import type { GeoDatabase } from '../geo/geo-database.ts';
import { createGeoStage } from './geo.ts';

const london = { country: 'GB', region: 'England', city: 'London' };
const nowhere = { country: '', region: '', city: '' };

function createDatabase(places: Record<string, typeof london>) {
  const asked: string[] = [];
  const database: GeoDatabase = {
    find: (ip) => {
      asked.push(ip);
      return places[ip] ?? null;
    },
    describe: () => ({ files: [], attribution: '' }),
  };
  return { database, asked };
}

// A company's own database may name places of private addresses too.
const { database } = createDatabase({
  '81.2.69.142': london,
  '2a02:8070::1': london,
  '127.0.0.1': london,
  'fd12::1': london,
});

test.each<[string, IpPolicy, object]>([
  ['81.2.69.142', 'drop', { ...london, ip: '' }],
  ['81.2.69.142', 'truncate', { ...london, ip: '81.2.69.0' }],
  ['81.2.69.142', 'keep', { ...london, ip: '81.2.69.142' }],
  ['::ffff:81.2.69.142', 'truncate', { ...london, ip: '81.2.69.0' }],
  ['::ffff:81.2.69.142', 'keep', { ...london, ip: '81.2.69.142' }],
  ['2a02:8070::1', 'drop', { ...london, ip: '' }],
  ['2a02:8070::1', 'truncate', { ...london, ip: '2a02:8070::' }],
  ['2a02:8070::1', 'keep', { ...london, ip: '2a02:8070::1' }],
  ['127.0.0.1', 'keep', { ...nowhere, ip: '127.0.0.1' }],
  ['fd12::1', 'truncate', { ...nowhere, ip: 'fd12::' }],
  ['', 'keep', { ...nowhere, ip: '' }],
  ['not an address', 'keep', { ...nowhere, ip: '' }],
  ['not an address', 'truncate', { ...nowhere, ip: '' }],
])('gives for %s under %s', (ip, ip_policy, expected) => {
  expect(toRow(createGeoStage(database).run(makePipelineEvent({ record: { ip, ip_policy } })))).toMatchObject(expected);
});

test('asks the database once for an address, whatever the policy', () => {
  const { database, asked } = createDatabase({ '81.2.69.142': london });
  const stage = createGeoStage(database);
  for (const ip_policy of ['drop', 'keep', 'truncate'] as const) {
    stage.run(makePipelineEvent({ record: { ip: '81.2.69.142', ip_policy } }));
  }
  expect(asked).toEqual(['81.2.69.142']);
  expect(stage.cacheCounts()).toEqual({ hits: 2, misses: 1, size: 1 });
});

test('keeps one entry for all that is too long to be an address', () => {
  const stage = createGeoStage(database);
  for (let i = 0; i < 5; i += 1) stage.run(makePipelineEvent({ record: { ip: `${i}`.repeat(10_000) } }));
  expect(stage.cacheCounts().size).toBe(1);
});
