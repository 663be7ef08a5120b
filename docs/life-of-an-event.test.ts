import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Stop {
  readonly name: string;
  readonly file: string;
  readonly export: string;
}

const stops = readStops();

describe('the life of an event', () => {
  it('has every stop of the walk', () => {
    const names = [
      'browser call',
      'buffer',
      'HTTP out',
      'HTTP in',
      'validate',
      'log',
      'read',
      'stages',
      'store',
      'query',
    ];
    expect(stops.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  });

  it.each(stops)('$name: $file exports $export', (stop) => {
    const file = new URL(`../${stop.file}`, import.meta.url);
    expect(existsSync(file), `${stop.file} exists`).toBe(true);
    expect(exportsOf(readFileSync(file, 'utf8'))).toContain(stop.export);
  });
});

/** Reads the rows of the table: stop, file and export stand in its first three columns. */
function readStops(): Stop[] {
  const text = readFileSync(new URL('life-of-an-event.md', import.meta.url), 'utf8');
  const rows = text.matchAll(/^\| ([^|]+) \| `([^`|]+)` \| `([^`|]+)` \|/gm);
  return [...rows].map(([, name = '', file = '', symbol = '']) => ({ name: name.trim(), file, export: symbol }));
}

/** Gives the names that a module's text declares or lists as exports, types included. */
function exportsOf(source: string): string[] {
  const declared = source.matchAll(/^export (?:async )?(?:function\*?|const|class|interface|type) (\w+)/gm);
  const listed = source.matchAll(/^export (?:type )?\{([^}]*)\}/gm);
  const names = [...listed].flatMap(([, list = '']) =>
    list.split(',').map((name) => name.trim().replace(/^type /, '')),
  );
  return [...[...declared].map(([, name = '']) => name), ...names];
}
