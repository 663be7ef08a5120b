import { beforeAll, describe, expect, it } from 'vitest';
import type { StoredRow } from '../src/event-store.ts';
import type { TestStore } from './open-test-store.ts';
import { storeEvents } from './store-events.ts';

/** The live stream's reading: each row once, whatever the order in which partitions are stored. */
export function describeLive(open: () => Promise<TestStore>): void {
  describe('rows since a cursor', () => {
    let test: TestStore;
    beforeAll(async () => {
      test = await open();
    });

    const idsOf = (rows: readonly StoredRow[]): string[] => rows.map((row) => `${row['_partition']}:${row['_offset']}`);

    it('begin now where there is no cursor, or none that can be read', async () => {
      const projectId = 'prj_live_now';
      await storeEvents(test.store, { projectId, partition: 140 }, [{}]);
      for (const cursor of [null, '', 'garbage', 'e30', Buffer.from('{"at":"x"}').toString('base64url')]) {
        const first = await test.reader.rowsSince(projectId, cursor, 10);
        expect(first.rows).toEqual([]);
        expect((await test.reader.rowsSince(projectId, first.cursor, 10)).rows).toEqual([]);
      }
    });

    it('come once each over several calls and partitions, late ones too', async () => {
      const projectId = 'prj_live';
      let { cursor } = await test.reader.rowsSince(projectId, null, 10);
      const seen: string[] = [];
      const poll = async (): Promise<void> => {
        const next = await test.reader.rowsSince(projectId, cursor, 10);
        seen.push(...idsOf(next.rows));
        cursor = next.cursor;
      };
      await storeEvents(test.store, { projectId, partition: 141 }, [{}, {}]);
      await poll();
      await storeEvents(test.store, { projectId, partition: 142, firstOffset: 7 }, [{}]);
      await storeEvents(test.store, { projectId, partition: 141, firstOffset: 2 }, [{}, {}]);
      await poll();
      await poll();
      await storeEvents(test.store, { projectId, partition: 142, firstOffset: 8 }, [{}]);
      await storeEvents(test.store, { projectId: 'prj_live_other', partition: 143 }, [{}]);
      await poll();
      expect(seen.toSorted()).toEqual(['141:0', '141:1', '141:2', '141:3', '142:7', '142:8']);
    });

    it('come once each where a batch spans months and shows them one after the other', async () => {
      const projectId = 'prj_live_months';
      let { cursor } = await test.reader.rowsSince(projectId, null, 10);
      const may = { timestamp: Date.UTC(2026, 4, 31) };
      const june = { timestamp: Date.UTC(2026, 5, 1) };
      await storeEvents(test.store, { projectId, partition: 144, firstOffset: 1 }, [june]);
      const first = await test.reader.rowsSince(projectId, cursor, 10);
      cursor = first.cursor;
      await storeEvents(test.store, { projectId, partition: 144 }, [may]);
      const second = await test.reader.rowsSince(projectId, cursor, 10);
      expect([...idsOf(first.rows), ...idsOf(second.rows)]).toEqual(['144:1', '144:0']);
    });

    it('come in the order in which they were stored, no more than the limit', async () => {
      const projectId = 'prj_live_limit';
      let { cursor } = await test.reader.rowsSince(projectId, null, 10);
      await storeEvents(test.store, { projectId, partition: 146 }, [{}, {}, {}]);
      await storeEvents(test.store, { projectId, partition: 145 }, [{}, {}]);
      const pages: string[][] = [];
      for (let page = 0; page < 4; page += 1) {
        const next = await test.reader.rowsSince(projectId, cursor, 2);
        pages.push(idsOf(next.rows));
        cursor = next.cursor;
      }
      expect(pages).toEqual([['146:0', '146:1'], ['146:2', '145:0'], ['145:1'], []]);
    });
  });
}
