import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { measureAccuracy, toAccuracyLines } from '../../test/labelled/measure-accuracy.ts';
import { readLabelled } from '../../test/labelled/read-labelled.ts';
import { makePipelineEvent, toRow } from '../../test/pipeline-event.ts';
import { createGeoStage } from '../stages/geo.ts';
import { openGeoDatabase } from './open-geo-database.ts';

/** Least percentage of labelled cases for each field and database. DB-IP City Lite places some addresses elsewhere. */
const floors = {
  'city-test': { continent: 100, country: 100, city: 100, geo_timezone: 100 },
  dbip: { continent: 100, country: 97, city: 94, geo_timezone: 100 },
};

const paths = {
  'city-test': fileURLToPath(new URL('../../test/fixtures/GeoIP2-City-Test.mmdb', import.meta.url)),
  dbip: undefined,
};

test.each(['city-test', 'dbip'] as const)('tells the place of labelled addresses from %s', async (name) => {
  const cases = readLabelled('places').filter(({ database }) => database === name);
  const logger = { info: () => undefined, warn: () => undefined };
  const opened = await openGeoDatabase({ path: paths[name], checkIntervalMs: 60_000, count: () => undefined, logger });
  const stage = createGeoStage(opened.database);
  const accuracy = measureAccuracy({
    cases,
    fields: Object.keys(floors[name]),
    countsEmpty: (field) => field === 'country',
    answer: ({ ip = '' }) => ({ ...toRow(stage.run(makePipelineEvent({ record: { ip } }))) }),
    nameOf: ({ ip = '' }) => ip,
  });
  opened.close();
  process.stdout.write(toAccuracyLines(`geo.${name}`, accuracy));
  expect(cases.length).toBeGreaterThan(40);
  for (const [field, floor] of Object.entries(floors[name])) {
    expect(accuracy[field]?.percent, field).toBeGreaterThanOrEqual(floor);
  }
});
