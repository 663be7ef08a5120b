import type { TableBytes } from '@px-platform/store/engine-alone';
import type { Section } from '../../report/section.ts';
import { toFixed } from '../../report/spread.ts';

const mostBytes = 40;
const shownColumns = 20;

/** Says what a row of the mix takes on the disk once all is merged, and which columns that is. */
export function toBytesSection({ rows, bytes, indexBytes, columns }: TableBytes): Section {
  const each = bytes / rows;
  const toRow = (name: string, compressed: number, uncompressed: number): string[] => [
    name,
    toFixed(compressed / rows, 2),
    `${toFixed((compressed / bytes) * 100, 1)} %`,
    toFixed(uncompressed / rows, 1),
  ];
  const others = columns.slice(shownColumns);
  const sum = (of: 'compressed' | 'uncompressed'): number => others.reduce((all, column) => all + column[of], 0);
  return {
    title: 'Bytes of an event on the disk',
    words:
      `${toFixed(rows)} rows of the mix, a day of a site, after \`OPTIMIZE TABLE events FINAL\`: ${toFixed(each, 1)} bytes each. ` +
      'Limit: what is random in an event, 9.3 bytes of a UUIDv7, or 4 where its page has told others.',
    header: ['column', 'bytes a row', 'share', 'uncompressed'],
    rows: [
      ...columns.slice(0, shownColumns).map((one) => toRow(one.column, one.compressed, one.uncompressed)),
      toRow(`${others.length} others`, sum('compressed'), sum('uncompressed')),
      toRow('key and skip indexes', indexBytes, 0),
    ],
    targets: [
      {
        what: 'bytes of an event on the disk, reference mix',
        atLeast: `<= ${mostBytes}`,
        measured: toFixed(each, 1),
        isMet: each <= mostBytes,
      },
    ],
  };
}
