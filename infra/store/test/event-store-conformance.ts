import type { EventRow } from '@px-platform/schemas';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EventStore, RowBatch } from '../src/event-store.ts';
import { sampleId, sampleRow } from './sample-row.ts';

const logId = 'log-a';
const noon = Date.UTC(2026, 10, 22, 12);

/** What every EventStore keeps to, whatever holds its rows; `open` gives an empty one, and its owner closes it. */
export function describeEventStore(name: string, open: () => Promise<EventStore>): void {
  describe(`${name} as an EventStore`, () => {
    let store: EventStore;
    beforeAll(async () => {
      store = await open();
    });

    /** `offset:index` of each held row, after its id was seen to be the one sent there. */
    async function held(partition: number, fromOffset = 0): Promise<ReadonlySet<string>> {
      const places = [...(await store.heldOf({ logId, partition, fromOffset }))].map((place) => place.split(':'));
      for (const [offset, index, projectId, eventId] of places) {
        expect([projectId, eventId]).toEqual(['prj_a', id(partition, Number(offset), Number(index))]);
      }
      return new Set(places.map(([offset, index]) => `${offset}:${index}`));
    }

    it('keeps each row of a batch, and once when the batch is given again', async () => {
      const batch = toBatch(1, [row(1, 0, 0), row(1, 0, 1), row(1, 1, 0)]);
      await store.insert(batch);
      await store.insert(batch);
      expect([...(await held(1))].sort()).toEqual(['0:0', '0:1', '1:0']);
      expect(await store.recentIds({ from: noon, to: noon + 1 }, [])).toHaveLength(3);
    });

    it('keeps the rows of a name once, whatever rows are given, and what of another month they lacked', async () => {
      const name = `${logId}:8:0-4`;
      const [first, second, third] = [row(8, 0, 0), row(8, 1, 0), row(8, 2, 0, { day: '2026-01-05' })];
      await store.insert({ ...toBatch(8, [first, second]), name });
      await store.insert({ ...toBatch(8, [second, third]), name });
      expect([...(await held(8))].sort()).toEqual(['0:0', '1:0', '2:0']);
      await store.insert({ ...toBatch(8, [row(8, 3, 0)]), name: `${name}/1` });
      expect((await held(8)).size).toBe(4);
    });

    it('takes a batch whose rows were all dropped', async () => {
      await store.insert({ logId, partition: 2, firstOffset: 0, lastOffset: 9, rows: [] });
      expect((await held(2)).size).toBe(0);
    });

    it('tells held rows of one log and partition, from an offset on', async () => {
      await store.insert(toBatch(3, [row(3, 5, 0), row(3, 6, 0), row(3, 7, 0)]));
      expect([...(await held(3, 6))].sort()).toEqual(['6:0', '7:0']);
      expect((await store.heldOf({ logId: 'another-log', partition: 3, fromOffset: 0 })).size).toBe(0);
    });

    it('keeps rows of many months, a thousand in one batch', async () => {
      const rows = Array.from({ length: 1_000 }, (_, at) =>
        row(4, at, 0, { day: `20${10 + (at % 12)}-0${1 + (at % 9)}-01` }),
      );
      await store.insert(toBatch(4, rows));
      expect((await held(4)).size).toBe(1_000);
    });

    it('keeps hostile values as they are', async () => {
      const properties = {
        text: 'quote \' " ` backslash \\ semicolon ; newline \n tab \t nul \u0000 {x:String} -- /* */ 💚',
        date: '2020-01-01 10:00:00',
        nested: { 'dotted.key': 1, '': 2, 'a`b': [1, 'x', { b: null }, true] },
        huge: 1.2345678901234568e22,
        tiny: 5e-324,
      };
      await store.insert(toBatch(5, [row(5, 0, 0, { event: "'; DROP TABLE events; --", properties, title: '\\N' })]));
      expect((await held(5)).size).toBe(1);
    });

    it('finds stored ids, other than those left out', async () => {
      await store.insert(toBatch(6, [row(6, 0, 0), row(6, 1, 0)]));
      const ask = [id(6, 0, 0), id(6, 1, 0), id(6, 99, 0)].map((eventId) => ({ projectId: 'prj_a', eventId }));
      expect(await store.findIds(ask, [])).toEqual(new Set([`prj_a:${id(6, 0, 0)}`, `prj_a:${id(6, 1, 0)}`]));
      expect(await store.findIds(ask, [{ logId, partition: 6, fromOffset: 1 }])).toEqual(
        new Set([`prj_a:${id(6, 0, 0)}`]),
      );
      expect(await store.findIds(ask, [{ logId, partition: 6, fromOffset: 0, toOffset: 1 }])).toEqual(
        new Set([`prj_a:${id(6, 1, 0)}`]),
      );
      expect(await store.findIds([{ projectId: 'prj_b', eventId: id(6, 0, 0) }], [])).toEqual(new Set());
      expect(await store.findIds([], [])).toEqual(new Set());
    });

    it('gives recent ids oldest first, without those left out', async () => {
      const at = noon + 100_000;
      await store.insert(
        toBatch(7, [
          row(7, 0, 0, { received_at: at + 2 }),
          row(7, 1, 0, { received_at: at }),
          row(7, 2, 0, { received_at: at + 9 }),
        ]),
      );
      const ids = await store.recentIds({ from: at, to: at + 9 }, []);
      expect(ids.map((one) => [one.eventId, one.receivedAt])).toEqual([
        [id(7, 1, 0), at],
        [id(7, 0, 0), at + 2],
      ]);
      const left = await store.recentIds({ from: at, to: at + 10 }, [{ logId, partition: 7, fromOffset: 1 }]);
      expect(left.map((one) => one.eventId)).toEqual([id(7, 0, 0)]);
    });

    it('leaves out what is certainly of persons that another processor reads', async () => {
      const at = noon + 150_000;
      const share = { logId, partitionCount: 12, partitions: [9] };
      const rows = [
        row(9, 0, 0, { received_at: at, _partition_count: 12 }),
        row(9, 1, 0, { received_at: at + 1, _partition_count: 12, _partition: 10 }),
        row(9, 2, 0, { received_at: at + 2, _partition_count: 0, _partition: 10 }),
        row(9, 3, 0, { received_at: at + 3, _partition_count: 6, _partition: 10 }),
        row(9, 4, 0, { received_at: at + 4, _partition_count: 12, _partition: 10, _log: 'an older log' }),
      ].map((one, n) => ({ ...one, person_key: `s${n}`, anonymous_id: `s${n}`, session_id: sampleId(9_000_000 + n) }));
      await store.insert(toBatch(9, rows));
      const range = { from: at, to: at + 9 };
      const own = (await store.recentIds(range, [], share)).map((one) => one.eventId);
      expect(own).toEqual([0, 2, 3, 4].map((offset) => id(9, offset, 0)));
      expect(await store.recentIds(range, [])).toHaveLength(5);
      const above = [{ logId, partition: 9, fromOffset: 0, toOffset: 1 }];
      expect(await store.recentIds(range, above, share)).toHaveLength(3);
      expect(await store.recentIds(range, [], { ...share, partitions: [] })).toHaveLength(3);
      const sessions = await store.recentSessions(at, [], 9, share);
      expect(sessions.map(({ personKey }) => personKey)).toEqual(['s0', 's2', 's3', 's4']);
    });

    it('gives what was received of sessions, by day, with their first campaign', async () => {
      const at = noon + 200_000;
      const person = { person_key: 'berta', anonymous_id: 'berta', session_id: sampleId(8_000_000) };
      await store.insert(
        toBatch(8, [
          row(8, 0, 0, { ...person, timestamp: at, received_at: at }),
          row(8, 1, 0, {
            ...person,
            timestamp: at + 60_000,
            received_at: at + 60_000,
            utm_source: 'news',
            click_ids: { gclid: 'g1' },
          }),
          row(8, 2, 0, { ...person, timestamp: at + 90_000, received_at: at + 90_000, utm_source: 'later' }),
        ]),
      );
      const receivedDay = Math.floor(at / 86_400_000);
      expect(await store.recentSessions(at, [], 9)).toEqual([
        {
          projectId: 'prj_a',
          personKey: 'berta',
          sessionId: sampleId(8_000_000),
          startAt: at,
          endAt: at + 90_000,
          campaign: 'news|||g1',
          campaignAt: at + 60_000,
          receivedDay,
        },
      ]);
      const without = await store.recentSessions(at, [{ logId, partition: 8, fromOffset: 1 }], 9);
      expect(without).toMatchObject([{ startAt: at, endAt: at, campaign: '', campaignAt: 0 }]);
      const late = { ...person, timestamp: at + 10, received_at: at + 86_400_000, utm_source: 'late' };
      await store.insert(toBatch(8, [row(8, 3, 0, late)]));
      expect(await store.recentSessions(at + 90_000, [], 9)).toMatchObject([
        { startAt: at + 90_000, campaign: 'later|||', campaignAt: at + 90_000, receivedDay },
        { startAt: at + 10, endAt: at + 10, campaign: 'late|||', receivedDay: receivedDay + 1 },
      ]);
      expect(await store.recentSessions(at, [], 1)).toMatchObject([{ receivedDay: receivedDay + 1 }]);
      expect(await store.recentSessions(at + 86_400_001, [], 9)).toEqual([]);
    });
  });
}

function toBatch(partition: number, rows: EventRow[]): RowBatch {
  const offsets = rows.map((one) => one._offset);
  return { logId, partition, firstOffset: Math.min(...offsets), lastOffset: Math.max(...offsets), rows };
}

function row(partition: number, offset: number, index: number, own: Partial<EventRow> = {}): EventRow {
  return sampleRow({
    event_id: id(partition, offset, index),
    received_at: noon,
    _partition: partition,
    _offset: offset,
    _index: index,
    ...own,
  });
}

function id(partition: number, offset: number, index: number): string {
  return sampleId(partition * 1_000_000 + offset * 100 + index);
}
