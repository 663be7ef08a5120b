import { eventColumns } from '@px-platform/schemas';
import { beforeAll, describe, expect, it } from 'vitest';
import type { StoredRow } from '../src/event-store.ts';
import type { TestStore } from './open-test-store.ts';
import { storeEvents } from './store-events.ts';

const projectId = 'prj_export';
const burst = Date.UTC(2026, 4, 1, 12);
const years = 365 * 24 * 60 * 60 * 1_000;

/** Exports: order, pages, gaps. */
export function describeExport(open: () => Promise<TestStore>): void {
  describe('an export', () => {
    let test: TestStore;
    beforeAll(async () => {
      test = await open();
      const received = (at: number): object => ({ timestamp: burst, received_at: at });
      await storeEvents(
        test.store,
        { projectId, partition: 130 },
        Array.from({ length: 6_000 }, () => received(burst)),
      );
      await storeEvents(test.store, { projectId, partition: 131 }, [
        ...Array.from({ length: 5_500 }, (_, at) => received(burst + 1 + (at % 100) * 50)),
        { ...received(burst - 3 * years), latitude: null, longitude: -0.1 },
        received(burst + 2 * years),
        received(burst + 2 * years + 1),
      ]);
      await storeEvents(test.store, { projectId: 'prj_export_other', partition: 132 }, [received(burst)]);
    });

    const read = async (from: number, to: number): Promise<StoredRow[][]> => {
      const pages: StoredRow[][] = [];
      for await (const page of test.reader.exportRows(projectId, { from, to })) pages.push([...page]);
      return pages;
    };
    const idsOf = (rows: readonly StoredRow[]): string[] =>
      rows.map((row) => `${row['_partition']}:${row['_offset']}:${row['_index']}`);

    it('gives each row once in order of received_at, over bursts and gaps', async () => {
      const rows = (await read(burst - 10 * years, burst + 10 * years)).flat();
      expect(new Set(idsOf(rows)).size).toBe(11_503);
      expect(rows).toHaveLength(11_503);
      const times = rows.map((row) => Date.parse(String(row['received_at'])));
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    });

    it('gives pages of bounded size', async () => {
      const pages = await read(burst, burst + 1);
      expect(pages.map((page) => page.length)).toEqual([5_000, 1_000]);
    });

    it('leaves out what lies before "from" and at "to"', async () => {
      const rows = (await read(burst + 2 * years, burst + 2 * years + 1)).flat();
      expect(rows.map((row) => row['received_at'])).toEqual([new Date(burst + 2 * years).toISOString()]);
      expect(await read(burst + 1, burst + 1)).toEqual([]);
      expect(await read(0, burst - 9 * years)).toEqual([]);
    });

    it('gives every column', async () => {
      const [row] = (await read(burst - 3 * years, burst - 1)).flat();
      expect(Object.keys(row ?? {})).toEqual([...eventColumns, 'stored_at']);
      expect(row).toMatchObject({ project_id: projectId, _log: 'log-reader', screen_density: 1.5, is_late: false });
    });

    it('gives coordinates as they were rounded, and null where there are none', async () => {
      const [row] = (await read(burst - 3 * years, burst - 1)).flat();
      expect(row).toMatchObject({ latitude: null, longitude: -0.1 });
    });
  });
}
