import type { GroupReader, LogEntry, LogReader } from '@px-platform/log';
import { type Clock, isAppError, type Tracer } from '@px-platform/runtime';
import { type AuditRow, auditTopic, type DeadLetter, parseAuditRecord } from '@px-platform/schemas';
import type { AuditBatch, AuditStore } from '@px-platform/store';
import { presentTurn } from '../batch-turn.ts';
import type { ProcessorConfig } from '../config.ts';
import type { ConsumeSignals } from '../consume-signals.ts';
import { gather, gatherBelow } from '../gather.ts';
import { keepLetters, type LetterDeps } from '../letters/keep-letters.ts';
import { nameHalf } from '../name-half.ts';
import { planBatch, readPlannedEnd, toBatchName } from '../planned-batch.ts';
import { retrying } from '../retrying.ts';
import { toRecordLetter } from '../to-record-letter.ts';
import { type Traceable, traceBatch } from '../trace-batch.ts';
import { toAuditRows } from './to-audit-rows.ts';

/** What the loop over the audit topic needs from outside. */
export interface AuditDeps extends LetterDeps {
  readonly config: ProcessorConfig;
  readonly reader: LogReader | GroupReader;
  readonly auditStore: AuditStore;
  readonly tracer: Tracer | null;
  readonly clock: Clock;
}

/**
 * Consumes one partition of the audit topic: poll, decode, drop what the store holds, insert, commit, in that order and
 * one batch at a time. Audit events are few, so each id is looked up, however old: what a crash left stored above the
 * committed position is found in the same way. In a group a batch is planned first, as in `consume`. Tries again as `consume`
 * does; throws where the log can't be read, `log_revoked` where the group has gone on without this member.
 */
export async function consumeAudit(deps: AuditDeps, partition: number, signals: ConsumeSignals): Promise<void> {
  const { reader } = deps;
  let next = await reader.committed(partition);
  let plannedEnd = await readPlannedEnd(reader, partition);
  while (!signals.aborted.aborted) {
    let entries: LogEntry[] = [];
    if (plannedEnd === null) {
      await gather(deps, partition, next, entries, { ...signals, turn: presentTurn });
    } else {
      const end = plannedEnd;
      await gatherBelow(deps, partition, next, entries, end, signals);
      entries = entries.filter((entry) => entry.position < end);
    }
    if (signals.aborted.aborted || (entries.length === 0 && plannedEnd === null)) return;
    const end = plannedEnd ?? (entries.at(-1)?.position ?? next) + 1;
    if (plannedEnd === null && !(await planBatch(deps, partition, end, signals))) return;
    const range = { partition, firstOffset: next, lastOffset: end - 1, ...toBatchName(reader, partition, next, end) };
    if (!(await storeEntries(deps, { ...range, entries, wasPlanned: plannedEnd !== null }, signals))) return;
    next = end;
    plannedEnd = null;
  }
}

/** Stores what the entries hold and commits them; false when it was time to end first. */
async function storeEntries(
  deps: AuditDeps,
  batch: Omit<AuditBatch, 'rows'> & {
    readonly entries: readonly LogEntry[];
    /** Whether another may have stored it under its name, or a part of it, or is storing it now. */
    readonly wasPlanned: boolean;
  },
  signals: ConsumeSignals,
): Promise<boolean> {
  const { reader, auditStore, metrics } = deps;
  const { entries, wasPlanned, ...range } = batch;
  const { rows, letters, records } = decodeEntries(deps, entries);
  const onUntraced = (count: number) => metrics.spans.inc({ outcome: 'untraced' }, count);
  const trace = traceBatch(records, { ...deps, topic: 'audit_events', onUntraced });
  const ids = rows.map((row) => ({ projectId: row.project_id, eventId: row.event_id }));
  const stored = ids.length === 0 ? new Set<string>() : await retrying(deps, signals, () => auditStore.findIds(ids));
  if (stored === null) return false;
  const fresh = dropKnown(rows, stored);
  trace.inserting();
  const storeAll = wasPlanned ? insertMissing : insertRows;
  const refused = await retrying(deps, signals, () => storeAll(deps.auditStore, { ...range, rows: fresh }));
  if (refused === null) return false;
  trace.inserted(fresh.length - refused.length);
  const all = [...letters, ...refused.map(({ row, cause }) => toRowLetter(row, entries, cause))];
  if (!(await keepLetters(deps, all, auditTopic, signals))) return false;
  const next = range.lastOffset + 1;
  if ((await retrying(deps, signals, () => reader.commit(range.partition, next).then(() => true))) === null)
    return false;
  trace.committed();
  metrics.auditRows.inc(fresh.length - refused.length);
  metrics.drops.inc({ reason: 'duplicate' }, rows.length - fresh.length);
  for (const letter of all) metrics.deadLetters.inc({ reason: letter.reason });
  return true;
}

function decodeEntries(
  { reader, clock }: AuditDeps,
  entries: readonly LogEntry[],
): { rows: AuditRow[]; letters: DeadLetter[]; records: Traceable[] } {
  const records: Traceable[] = [];
  const rows: AuditRow[] = [];
  const letters: DeadLetter[] = [];
  for (const entry of entries) {
    const record = entry.payload === null ? null : parseAuditRecord(entry.payload);
    if (record === null) {
      letters.push(toRecordLetter(reader.logId, entry, clock()));
      continue;
    }
    records.push({ record, position: { partition: entry.partition, offset: entry.position } });
    rows.push(...toAuditRows(reader.logId, entry, record));
  }
  return { rows, letters, records };
}

/** Keeps the first of each id, and none that is stored. */
function dropKnown(rows: readonly AuditRow[], stored: ReadonlySet<string>): AuditRow[] {
  const seen = new Set(stored);
  return rows.filter((row) => {
    const id = `${row.project_id}:${row.event_id}`;
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}

/** Inserts; where the store refuses the rows for their data, halves them until the refused ones stand alone. */
async function insertRows(store: AuditStore, batch: AuditBatch): Promise<{ row: AuditRow; cause: Error }[]> {
  try {
    await store.insert(batch);
    return [];
  } catch (error) {
    const [only] = batch.rows;
    if (!isAppError(error, 'store_refused_rows') || only === undefined) throw error;
    if (batch.rows.length === 1) return [{ row: only, cause: error }];
    const middle = Math.ceil(batch.rows.length / 2);
    return [
      ...(await insertRows(store, { ...nameHalf(batch, 0), rows: batch.rows.slice(0, middle) })),
      ...(await insertRows(store, { ...nameHalf(batch, 1), rows: batch.rows.slice(middle) })),
    ];
  }
}

/** Inserts what another may have inserted under the same name; what the store lacks afterwards goes in once more. */
async function insertMissing(store: AuditStore, batch: AuditBatch): Promise<{ row: AuditRow; cause: Error }[]> {
  const refused = await insertRows(store, batch);
  const { name: _, rows, ...range } = batch;
  if (rows.length === 0) return refused;
  const held = await store.findIds(rows.map((row) => ({ projectId: row.project_id, eventId: row.event_id })));
  const settled = new Set(refused.map(({ row }) => row));
  const missing = rows.filter((row) => !settled.has(row) && !held.has(`${row.project_id}:${row.event_id}`));
  return missing.length === 0 ? refused : [...refused, ...(await insertRows(store, { ...range, rows: missing }))];
}

/** Its bytes are a whole record that holds this event alone. */
function toRowLetter(row: AuditRow, entries: readonly LogEntry[], cause: Error): DeadLetter {
  const entry = entries.find(({ position }) => position === row._offset);
  const record = parseAuditRecord(entry?.payload ?? new Uint8Array());
  const alone = { ...record, events: record?.events.slice(row._index, row._index + 1) };
  return {
    reason: 'row_refused',
    stage: 'audit',
    message: cause.message.slice(0, 1_000).toWellFormed(),
    project_id: row.project_id,
    log: row._log,
    partition: row._partition,
    offset: row._offset,
    index: row._index,
    received_at: row.received_at,
    payload: Buffer.from(JSON.stringify(alone)).toString('base64'),
  };
}
