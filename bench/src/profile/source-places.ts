import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { basename } from 'node:path';

/** Where a place of a built file stands in the sources. */
export interface SourcePlace {
  /** Path in this house, such as `sdk/src/delivery/queue.ts`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The line itself, cut. */
  readonly text: string;
}

/** Finds the place of a line and a column, both from 0; null where the map has none. */
export type FindPlace = (line: number, column: number) => SourcePlace | null;

const textLength = 60;

/** Reads the source map beside a built file. Throws where there is none. */
export function readSourceMap(builtFile: string): FindPlace {
  const payload = parseMap(readFileSync(`${builtFile}.map`, 'utf8'));
  const map = new SourceMap(payload);
  const lines = new Map(payload.sources.map((source, at) => [source, payload.sourcesContent[at]?.split('\n') ?? []]));
  return (line, column) => {
    const entry = map.findEntry(line, column);
    if (!('originalSource' in entry)) return null;
    const text = lines.get(entry.originalSource)?.[entry.originalLine]?.trim() ?? '';
    return { file: toHousePath(entry.originalSource), line: entry.originalLine + 1, text: text.slice(0, textLength) };
  };
}

function parseMap(text: string): ConstructorParameters<typeof SourceMap>[0] {
  return JSON.parse(text);
}

/** Maps name sources from where the built file lies: `../src/queue.ts`, `../../schemas/src/limits.ts`. */
function toHousePath(source: string): string {
  const path = source.replace(/^(\.\.\/)+/, '');
  const inPackage = path.lastIndexOf('node_modules/');
  if (inPackage !== -1) return path.slice(inPackage + 'node_modules/'.length);
  return path.startsWith('src/') ? `sdk/${path}` : path || basename(source);
}
