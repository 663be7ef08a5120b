import { createMemoryLog } from '@px-platform/log';
import { AppError, createLogger } from '@px-platform/runtime';
import type { AcceptedAuditEvent, AuditRecord } from '@px-platform/schemas';
import { type AuditBatch, createMemoryAuditStore, createMemoryStore } from '@px-platform/store';
import { expect, it } from 'vitest';
import { processorConfigSchema } from '../config.ts';
import { createProcessorMetrics } from '../metrics.ts';
import { consumeAudit } from './consume-audit.ts';

const noon = Date.UTC(2026, 10, 22, 12);
const toId = (number: number): string => `019a0000-0000-7000-8000-${String(number).padStart(12, '0')}`;

function toEvent(number: number, own: Partial<AcceptedAuditEvent> = {}): AcceptedAuditEvent {
  return {
    event_id: toId(number),
    actor: { id: 'u1', type: 'user' },
    action: { name: 'member.removed' },
    resource: { type: 'team', id: 't1' },
    ...own,
  };
}

function toRecord(events: AcceptedAuditEvent[]): AuditRecord {
  return {
    v: 1,
    tenant_id: 'ten_1',
    project_id: 'prj_1',
    key_prefix: 'px_srv_live_abcd',
    request_id: 'req',
    schema_version: '1.0.0',
    received_at: noon,
    sent_at: null,
    events,
  };
}

/** A topic, a table and dead letters that outlive the loops of one test. */
function open() {
  const reader = createMemoryLog({ partitions: 1, maxBytes: 1e7, clock: () => noon });
  const store = createMemoryAuditStore();
  const letters = createMemoryStore();
  const insert = { refuse: (_batch: AuditBatch): AppError | null => null };
  const auditStore = {
    findIds: store.findIds,
    async insert(batch: AuditBatch) {
      const refused = insert.refuse(batch);
      if (refused !== null) throw refused;
      await store.insert(batch);
    },
  };
  return {
    reader,
    store,
    letters,
    insert,
    append: (value: unknown) => reader.append([{ key: 'prj_1', payload: Buffer.from(JSON.stringify(value)) }]),
    async run() {
      const config = processorConfigSchema.parse({ BATCH_SIZE: 10, FLUSH_INTERVAL_MS: 0 });
      const logger = createLogger({ level: 'silent', name: 'test' });
      const metrics = createProcessorMetrics();
      const deps = { config, reader, auditStore, letters, metrics, tracer: null, clock: () => noon, logger };
      await consumeAudit(deps, 0, { stopping: AbortSignal.abort(), aborted: new AbortController().signal });
      return metrics.registry;
    },
  };
}

it('stores what the topic holds, in its order, and commits it', async () => {
  const { reader, store, append, run } = open();
  const actor = { id: 'u1', type: 'user', email: 'ann@example.com' };
  await append(
    toRecord([toEvent(1, { actor, result: 'denied', timestamp: '2026-11-20T23:30:00-02:00', metadata: { a: null } })]),
  );
  await append(toRecord([toEvent(2)]));
  const registry = await run();
  expect(store.rows).toMatchObject([
    {
      event_id: toId(1),
      day: '2026-11-21',
      timestamp: Date.UTC(2026, 10, 21, 1, 30),
      received_at: noon,
      actor_email: 'ann@example.com',
      result: 'denied',
      metadata: '{"a":null}',
      _offset: 0,
    },
    // Without a time of its own: the time of its arrival, and the day that its id was made.
    { event_id: toId(2), day: '2025-10-20', timestamp: noon, metadata: '{}', actor_email: '', _offset: 1 },
  ]);
  expect((await reader.status()).depth).toBe(0);
  expect(await registry.metrics()).toContain('px_processor_audit_rows_total 2');
});

it('stores an id once, whether it comes twice in a record, in a batch or after a restart', async () => {
  const { store, append, run } = open();
  await append(toRecord([toEvent(1), toEvent(1), toEvent(2)]));
  await append(toRecord([toEvent(2)]));
  await run();
  await append(toRecord([toEvent(1), toEvent(3)]));
  const registry = await run();
  expect(store.rows.map((row) => row.event_id)).toEqual([toId(1), toId(2), toId(3)]);
  expect(await registry.metrics()).toContain('px_processor_drops_total{reason="duplicate"} 1');
});

it('finds what a crash left stored above the committed position', async () => {
  const { reader, store, append, run } = open();
  await append(toRecord([toEvent(1), toEvent(2)]));
  const commit = reader.commit;
  reader.commit = () => Promise.reject(new Error('the machine stopped'));
  await expect(run()).rejects.toThrow('the machine stopped');
  expect(store.rows).toHaveLength(2);
  reader.commit = commit;
  await append(toRecord([toEvent(3)]));
  await run();
  expect(store.rows.map((row) => row.event_id)).toEqual([toId(1), toId(2), toId(3)]);
});

it('sets aside what is no record, and goes on', async () => {
  const { store, letters, append, run } = open();
  await append({ v: 1, events: 'none' });
  await append(toRecord([toEvent(1)]));
  await run();
  expect(letters.letters).toMatchObject([{ reason: 'undecodable_record', stage: 'decode', offset: 0 }]);
  expect(store.rows).toHaveLength(1);
});

it('sets aside the one row that the store refuses, as a record that can be replayed', async () => {
  const { store, letters, insert, append, run } = open();
  insert.refuse = ({ rows }) =>
    rows.some((row) => row.event_id === toId(2)) ? new AppError('store_refused_rows', 'too odd') : null;
  await append(toRecord([toEvent(1), toEvent(2), toEvent(3)]));
  await run();
  expect(store.rows.map((row) => row.event_id)).toEqual([toId(1), toId(3)]);
  expect(letters.letters).toMatchObject([{ reason: 'row_refused', project_id: 'prj_1', offset: 0, index: 1 }]);
  const replay = JSON.parse(Buffer.from(letters.letters[0]?.payload ?? '', 'base64').toString());
  expect(replay).toEqual(toRecord([toEvent(2)]));
});

it('waits for a store that is away, and loses nothing', async () => {
  const { reader, store, insert, append, run } = open();
  let calls = 0;
  insert.refuse = () => (calls++ === 0 ? new AppError('store_unavailable', 'not now') : null);
  await append(toRecord([toEvent(1)]));
  await run();
  expect([calls, store.rows.length, (await reader.status()).depth]).toEqual([2, 1, 0]);
});
