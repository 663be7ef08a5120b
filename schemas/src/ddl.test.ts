import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditColumns } from './audit-row.ts';
import { blockedIds } from './blocked-id.ts';
import { readMigrations } from './ddl.ts';
import { eventColumns } from './event-row.ts';

describe('the DDL that stands here', () => {
  const migrations = readMigrations();
  const statements = migrations.flatMap((migration) => migration.statements);

  it('is numbered from 1 without gaps', () => {
    expect(migrations.map((migration) => migration.number)).toEqual(migrations.map((_, at) => at + 1));
    expect(migrations[0]).toMatchObject({ name: '0001_events', checksum: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it('can be run again from its first statement, since a migration may break off', () => {
    for (const statement of statements) {
      expect(statement).toMatch(
        /^(CREATE (TABLE|VIEW|MATERIALIZED VIEW) IF NOT EXISTS|ALTER TABLE \w+\s+(MODIFY (SETTING|TTL|COLUMN \w+ (CODEC|UInt64 MATERIALIZED))|MATERIALIZE (COLUMN|INDEX)|DELETE WHERE false |.*IF (NOT )?EXISTS)|DROP TABLE IF EXISTS sessions |INSERT INTO (sessions|rollup_hours)\n)/,
      );
    }
  });

  it("changes no column's type: a processor of the older version goes on writing its bytes", () => {
    const changed = statements.flatMap((statement) => [...statement.matchAll(/MODIFY COLUMN (\w+ (?!CODEC)\w+)/g)]);
    // Told by the engine, written by nobody, and of the same type as before.
    expect(changed.map(([, column]) => column)).toEqual(['person_key_hash UInt64']);
  });

  it('lets each row go on its own day, `retain_until`, but for what operators, auditors and purges keep', () => {
    const kept = [
      'audit_events',
      'identity_decisions',
      'visitor_salts',
      'purges',
      'purge_ids',
      'tombstones',
      'stored_joins_state',
    ];
    // Numbers without texts, made anew each day.
    const derived = ['stored_joins', 'touched_ids'];
    for (const table of statements.filter((statement) => statement.startsWith('CREATE TABLE'))) {
      const [, name = ''] = /EXISTS (\w+)/.exec(table) ?? [];
      if (kept.includes(name)) continue;
      const ttl = statements.findLast((one) => one.startsWith(`ALTER TABLE ${name} MODIFY TTL`)) ?? table;
      if (derived.includes(name)) {
        expect(`${name}: ${ttl}`).toMatch(/\bTTL toDate\(\w+\) \+ INTERVAL 3 DAY\n/);
        continue;
      }
      // What is derived and made anew may go later than its events.
      expect(`${name}: ${ttl}`).toMatch(/\bTTL retain_until( \+ INTERVAL 7 DAY)?(\n|$)/);
    }
    // A part holds many projects: with whole parts alone, each row would wait for the longest retention of all.
    expect(statements.join()).not.toContain('ttl_only_drop_parts');
  });

  it('drops none but `sessions`, before it fills it, and fills none but what is derived', () => {
    const changes = statements.filter((statement) => /^(DROP|INSERT) /.test(statement));
    expect(changes.map((statement) => statement.match(/^(DROP TABLE IF EXISTS|INSERT INTO) \w+/)?.[0])).toEqual([
      'DROP TABLE IF EXISTS sessions',
      'INSERT INTO sessions',
      'INSERT INTO rollup_hours',
    ]);
  });

  it('knows the ids that name nobody', () => {
    const userHash = statements.find((statement) => statement.includes(' user_hash UInt64 ')) ?? '';
    const list = /IN \(('.*')\), 0/.exec(userHash)?.[1] ?? '';
    expect(list.split(', ').map((id) => id.slice(1, -1))).toEqual([...blockedIds]);
  });

  it('holds what is acknowledged through a power cut', () => {
    for (const table of statements.filter((statement) => statement.startsWith('CREATE TABLE'))) {
      expect(table).toMatch(/SETTINGS .*fsync_after_insert = 1, fsync_part_directory = 1/);
    }
  });

  it.each([
    ['events', eventColumns],
    ['audit_events', auditColumns],
  ])('gives `%s` a column for each field of a row, and when it was stored', (table, rowColumns) => {
    const create = statements.find((statement) => statement.includes(`TABLE IF NOT EXISTS ${table}\n`)) ?? '';
    const columns = [...create.matchAll(/^ {4}([a-z_]+) [A-Z]/gm)].map(([, name = '']) => name);
    for (const statement of statements.filter((one) => one.startsWith(`ALTER TABLE ${table} RENAME COLUMN `))) {
      const [, name = '', renamed = ''] = / IF EXISTS (\w+) TO (\w+)$/.exec(statement) ?? [];
      // The engine tells it of the renamed one and others: read by its name, and not inserted.
      const told = new RegExp(
        ` ADD COLUMN IF NOT EXISTS ${name} String ALIAS if\\(.*\\b${renamed}\\) AFTER ${renamed}$`,
      );
      expect(statements).toContainEqual(expect.stringMatching(told));
    }
    for (const statement of statements.filter((one) => one.startsWith(`ALTER TABLE ${table} ADD COLUMN `))) {
      // Worked out by the engine of the row's own columns.
      if (/ (MATERIALIZED|ALIAS) /.test(statement)) continue;
      const [, added = '', after = ''] = / IF NOT EXISTS (\w+) .* AFTER (\w+)$/.exec(statement) ?? [];
      columns.splice(columns.indexOf(after) + 1, 0, added);
    }
    expect(columns.filter((name) => name !== 'stored_at')).toEqual([...rowColumns]);
    expect(columns).toContain('stored_at');
  });
});

describe('a folder of DDL', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'px-ddl-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const read = (files: Record<string, string>): ReturnType<typeof readMigrations> => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return readMigrations(pathToFileURL(`${folder}/`));
  };

  it('is split at semicolons that end a line, without comments', () => {
    const text = `-- what; this is\nCREATE TABLE a\n(\n  x String DEFAULT 'a;b', -- why\n  y UInt8\n);\n\n  -- and\nALTER TABLE a DROP COLUMN y;\n`;
    expect(read({ '0001_a.sql': text, 'README.md': 'no' })).toMatchObject([
      {
        number: 1,
        name: '0001_a',
        statements: [
          "CREATE TABLE a\n(\n  x String DEFAULT 'a;b', -- why\n  y UInt8\n)",
          'ALTER TABLE a DROP COLUMN y',
        ],
      },
    ]);
  });

  it('takes a last statement without a semicolon, and none', () => {
    const migrations = read({ '0001_a.sql': 'SELECT 1', '0002_b.sql': '-- nothing\n;\n' });
    expect(migrations.map((migration) => migration.statements)).toEqual([['SELECT 1'], []]);
  });

  it('has another checksum for any other text', () => {
    const [first] = read({ '0001_a.sql': 'SELECT 1;\n' });
    const [second] = read({ '0001_a.sql': 'SELECT 1; \n' });
    expect(second?.statements).toEqual(first?.statements);
    expect(second?.checksum).not.toBe(first?.checksum);
  });

  it.each([
    ['a number is missing', { '0001_a.sql': '', '0003_c.sql': '' }, /0003_c\.sql: expected number 2, found 3/],
    ['a number is doubled', { '0001_a.sql': '', '0001_b.sql': '' }, /0001_b\.sql: expected number 2, found 1/],
    ['the first is not 1', { '0002_b.sql': '' }, /expected number 1, found 2/],
    ['a name has no number', { 'events.sql': '' }, /expected number 1, found NaN/],
  ])('is refused where %s', (_name, files, message) => {
    expect(() => read(files)).toThrow(message);
  });
});
