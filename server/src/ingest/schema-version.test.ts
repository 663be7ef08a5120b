import { defaultSchemaVersion, wireSchemaVersion } from '@px-platform/schemas';
import { expect, it } from 'vitest';
import { parseSchemaVersion } from './schema-version.ts';

it.each(['1.0.0', '1.99.3', '1.2.3-beta.1', '1.2.3+build.7', wireSchemaVersion])('takes %s', (version) => {
  expect(parseSchemaVersion(version)).toBe(version);
});

it('takes none as the first', () => {
  expect([parseSchemaVersion(undefined), parseSchemaVersion('')]).toEqual([defaultSchemaVersion, defaultSchemaVersion]);
});

it.each(['0.9.0', '2.0.0', '10.0.0'])('refuses %s, which is another major, and says which is taken', (version) => {
  expect(parseSchemaVersion(version)).toMatchObject({
    code: 'invalid_schema_version',
    message: expect.stringContaining('1.x.y'),
    details: { given: version, current: wireSchemaVersion },
  });
});

it.each(['latest', '1', '1.0', 'v1.0.0', '1.0.0.0', '01.0.0', '1.0.0 ', `1.${'9'.repeat(20)}.0`, '1.0.0\n2'])(
  'refuses %j, which is no version',
  (version) => {
    expect(parseSchemaVersion(version)).toMatchObject({ code: 'invalid_schema_version' });
  },
);

it('refuses a header that came twice', () => {
  expect(parseSchemaVersion(['1.0.0', '1.0.0'])).toMatchObject({ code: 'invalid_schema_version' });
});
