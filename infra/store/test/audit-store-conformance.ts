import type { AuditRow } from '@px-platform/schemas';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AuditReader, AuditStore } from '../src/audit-store.ts';

const noon = Date.UTC(2026, 10, 22, 12);

/** What every audit table keeps to, from both sides; `open` gives an empty one, and its owner closes it. */
export function describeAuditStore(
  name: string,
  open: () => Promise<{ store: AuditStore; reader: AuditReader }>,
): void {
  describe(`${name} as an AuditStore`, () => {
    let store: AuditStore;
    let reader: AuditReader;
    beforeAll(async () => {
      ({ store, reader } = await open());
    });

    async function read(projectId: string, from = noon, to = noon + 60_000): Promise<Record<string, unknown>[]> {
      const pages = await Array.fromAsync(reader.exportRows(projectId, { from, to }));
      return pages.flat();
    }

    it('keeps each row as it was, and once when the batch is given again', async () => {
      const metadata =
        '{"ip":"203.0.113.7","nothing":null,"empty":{},"quote":"\' \\" \\\\ \\n 💚","day":"2020-01-01","n":1.5}';
      const rows = [toRow('prj_a', 0, { metadata, action: "user.invited'; DROP TABLE x; --" }), toRow('prj_a', 1)];
      const batch = { partition: 0, firstOffset: 0, lastOffset: 1, rows };
      await store.insert(batch);
      await store.insert(batch);
      expect(await read('prj_a')).toMatchObject([
        {
          event_id: toId(0),
          tenant_id: 'ten_1',
          timestamp: '2026-11-22T11:59:00.000Z',
          received_at: '2026-11-22T12:00:00.000Z',
          actor_id: 'u1',
          actor_type: 'user',
          action: "user.invited'; DROP TABLE x; --",
          resource_type: 'team',
          resource_id: 't1',
          metadata: JSON.parse(metadata),
        },
        { event_id: toId(1), metadata: {} },
      ]);
    });

    it('takes a batch whose rows were all dropped', async () => {
      await store.insert({ partition: 0, firstOffset: 2, lastOffset: 9, rows: [] });
    });

    it('finds stored ids of their project alone', async () => {
      await store.insert({ partition: 0, firstOffset: 10, lastOffset: 10, rows: [toRow('prj_b', 10)] });
      const ask = [
        { projectId: 'prj_b', eventId: toId(10) },
        { projectId: 'prj_b', eventId: toId(99) },
        { projectId: 'prj_c', eventId: toId(10) },
      ];
      expect(await store.findIds(ask)).toEqual(new Set([`prj_b:${toId(10)}`]));
      expect(await store.findIds([])).toEqual(new Set());
    });

    it('gives a project its own rows alone, of the time asked for', async () => {
      const rows = [toRow('prj_d', 20, { received_at: noon + 5_000 }), toRow('prj_e', 21)];
      await store.insert({ partition: 0, firstOffset: 20, lastOffset: 21, rows });
      expect((await read('prj_d')).map((row) => row['event_id'])).toEqual([toId(20)]);
      expect(await read('prj_d', noon, noon + 5_000)).toEqual([]);
      expect(await read('prj_d', noon + 5_000, noon + 5_001)).toHaveLength(1);
    });

    it('keeps the rows of more tenants in one batch than the engine takes by itself, any day', async () => {
      // A tenant is a partition, and the engine's own bound is 100 in an insert; each is written and synced alone.
      const count = 150;
      const rows = Array.from({ length: count }, (_, at) =>
        toRow('prj_f', 1_000 + at, { tenant_id: `ten_${at}`, day: `20${10 + (at % 12)}-01-01` }),
      );
      await store.insert({ partition: 0, firstOffset: 1_000, lastOffset: 1_000 + count - 1, rows });
      expect(await read('prj_f')).toHaveLength(count);
    });
  });
}

function toId(number: number): string {
  return `019a0000-0000-7000-8000-${String(number).padStart(12, '0')}`;
}

function toRow(projectId: string, number: number, own: Partial<AuditRow> = {}): AuditRow {
  return {
    tenant_id: 'ten_1',
    project_id: projectId,
    day: '2026-11-22',
    event_id: toId(number),
    timestamp: noon - 60_000,
    received_at: noon,
    actor_id: 'u1',
    actor_type: 'user',
    actor_email: '',
    action: 'member.removed',
    resource_type: 'team',
    resource_id: 't1',
    result: 'success',
    metadata: '{}',
    request_id: 'req',
    key_prefix: 'px_srv_live_abcd',
    schema_version: '1.0.0',
    _log: 'log-a',
    _partition: 0,
    _offset: number,
    _index: 0,
    ...own,
  };
}
