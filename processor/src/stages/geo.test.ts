import type { IpPolicy } from '@px-platform/schemas';
import { expect, test } from 'vitest';
import { knownFacts } from '../../test/known-facts.ts';
import { makePipelineEvent, toRow } from '../../test/pipeline-event.ts';
import type { GeoDatabase, GeoPlace } from '../geo/geo-database.ts';
import { createGeoStage } from './geo.ts';

const londonPlace: GeoPlace = {
  continent: 'EU',
  country: 'GB',
  region: 'England',
  city: 'London',
  timezone: 'Europe/London',
  latitude: 51.5,
  longitude: -0.1,
};
const { timezone, ...inRow } = londonPlace;
const london = { ...inRow, geo_timezone: timezone };
const nowhere = {
  continent: '',
  country: '',
  region: '',
  city: '',
  geo_timezone: '',
  latitude: null,
  longitude: null,
  timezone: '',
};

function createDatabase(places: Record<string, GeoPlace>) {
  const asked: string[] = [];
  const file = { revision: 1 };
  const database: GeoDatabase = {
    find: (ip) => {
      asked.push(ip);
      return places[ip] ?? null;
    },
    revision: () => file.revision,
    describe: () => ({ files: [], attribution: '' }),
  };
  return { database, asked, file };
}

// A company's own database may name places of private addresses too.
const { database } = createDatabase({
  '81.2.69.142': londonPlace,
  '2a02:8070::1': londonPlace,
  '127.0.0.1': londonPlace,
  'fd12::1': londonPlace,
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
  const { database, asked } = createDatabase({ '81.2.69.142': londonPlace });
  const stage = createGeoStage(database);
  for (const ip_policy of ['drop', 'keep', 'truncate'] as const) {
    stage.run(makePipelineEvent({ record: { ip: '81.2.69.142', ip_policy } }));
  }
  expect(asked).toEqual(['81.2.69.142']);
  expect(stage.cacheCounts()).toEqual({ hits: 2, misses: 1, size: 1 });
});

test('asks again once another file has taken the place of the one before', () => {
  const places = { '81.2.69.142': londonPlace };
  const { database, file } = createDatabase(places);
  const stage = createGeoStage(database);
  const run = () => toRow(stage.run(makePipelineEvent({ record: { ip: '81.2.69.142' } })));
  expect(run()).toMatchObject({ city: 'London' });
  places['81.2.69.142'] = { ...londonPlace, city: 'Londinium' };
  expect(run()).toMatchObject({ city: 'London' });
  file.revision += 1;
  expect(run()).toMatchObject({ city: 'Londinium' });
});

test('leaves the timezone of the visitor’s device to itself', () => {
  const event = makePipelineEvent({ record: { ip: '81.2.69.142' } });
  event.row.timezone = 'Asia/Tokyo';
  expect(toRow(createGeoStage(database).run(event))).toMatchObject({
    timezone: 'Asia/Tokyo',
    geo_timezone: 'Europe/London',
  });
});

test('keeps one entry for all that is too long to be an address', () => {
  const stage = createGeoStage(database);
  for (let i = 0; i < 5; i += 1) stage.run(makePipelineEvent({ record: { ip: `${i}`.repeat(10_000) } }));
  expect(stage.cacheCounts().size).toBe(1);
});

test('marks what comes from a datacentre, where nothing else gives a robot away, and until the list is another', () => {
  let revision = 1;
  let network = '203.0.113.';
  const datacenters = { has: (ip: string) => ip.startsWith(network), revision: () => revision };
  const stage = createGeoStage(createDatabase({}).database, { datacenters });
  const signalOf = (ip: string, bot_signal = '') => {
    const event = makePipelineEvent({ record: { ip } });
    event.row.bot_signal = bot_signal;
    const { is_bot, ...row } = toRow(stage.run(event));
    return [row.bot_signal, is_bot];
  };
  const is_bot = makePipelineEvent().row.is_bot;
  expect(signalOf('203.0.113.9')).toEqual(['datacenter', is_bot]);
  expect(signalOf('203.0.113.9', 'headless')).toEqual(['headless', is_bot]);
  expect(signalOf('198.51.100.9')).toEqual(['', is_bot]);
  expect(signalOf('')).toEqual(['', is_bot]);
  network = '198.51.100.';
  revision = 2;
  expect([signalOf('203.0.113.9')[0], signalOf('198.51.100.9')[0]]).toEqual(['', 'datacenter']);
});

test('keeps the place that an imported event is known to come from, and treats its address as any', () => {
  const { device } = knownFacts;
  const place = { ...london, city: 'Paris' };
  const event = { known: { device, place } };
  const record = { ip: '81.2.69.142', ip_policy: 'truncate' as const };
  expect(toRow(createGeoStage(database).run(makePipelineEvent({ record, event })))).toMatchObject({
    ...place,
    ip: '81.2.69.0',
  });
});
