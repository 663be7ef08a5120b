import type { DeadLetter, EventRow, QueryAnswer, Question } from '@px-platform/schemas';

/** Rows of one partition's records `firstOffset`..`lastOffset`, both included; a retry gives the same rows. */
export interface RowBatch {
  readonly logId: string;
  readonly partition: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly rows: readonly EventRow[];
  /** No row was left out since the store holds it: what is derived of the range may be derived of the rows given. */
  readonly isWhole?: boolean;
  /**
   * Name of a batch that was planned: its rows are stored once, whoever gives a batch of this name, and whatever rows then.
   * Without it, a name is made of the rows.
   */
  readonly name?: string;
}

/** An event id that the store holds, and when it was received (epoch ms). */
export interface StoredId {
  readonly projectId: string;
  readonly eventId: string;
  readonly receivedAt: number;
}

/** What the store holds of a session that was received on one day, as far as sessionize needs it; instants are epoch ms. */
export interface StoredSession {
  readonly projectId: string;
  readonly personKey: string;
  readonly sessionId: string;
  readonly startAt: number;
  readonly endAt: number;
  /** Campaign of its first event that bears one, as `toCampaignKey` gives it; '' where none. */
  readonly campaign: string;
  /** When that event happened; of two at once, the one that lies first in the log counts. 0 where none. */
  readonly campaignAt: number;
  /** UTC day of receipt, in days since 1970. */
  readonly receivedDay: number;
}

/** Which rows a look-up leaves out: those that the processor is about to make again. */
export interface Uncommitted {
  readonly logId: string;
  readonly partition: number;
  /** Rows at this offset and above are left out. */
  readonly fromOffset: number;
  /** But for those at this one and above: of a batch that was planned, what lies behind it is stored for good. */
  readonly toOffset?: number;
}

/** A processor's share of a log whose partitions several of them read. */
export interface LogShare {
  readonly logId: string;
  /** How many partitions the log has. */
  readonly partitionCount: number;
  /** Those of this processor. */
  readonly partitions: readonly number[];
}

/** The store as the processor needs it. Each method throws `store_unavailable` where the engine can't be reached. */
export interface EventStore {
  /**
   * Stores the rows and what is derived from them (sessions, who is who), durably and once: a second call with
   * the same batch changes nothing. Throws `store_refused_rows` where the engine can't take a row.
   */
  insert(batch: RowBatch): Promise<void>;
  /**
   * Gives `offset:index:project_id:event_id` of the rows held of these: what a crash left behind. The id tells them
   * from what stands there in a log that was restored from a backup older than the store.
   */
  heldOf(uncommitted: Uncommitted): Promise<ReadonlySet<string>>;
  /**
   * Gives the ids received in `from` <= t < `to` (epoch ms), oldest first. With a share, those of persons of which it is certain that
   * they are another processor's are left out.
   */
  recentIds(
    range: { from: number; to: number },
    except: readonly Uncommitted[],
    share?: LogShare,
  ): Promise<readonly StoredId[]>;
  /** Gives which of these ids are stored, as `project_id:event_id`. */
  findIds(
    ids: readonly { projectId: string; eventId: string }[],
    except: readonly Uncommitted[],
  ): Promise<ReadonlySet<string>>;
  /**
   * Gives, by session and UTC day, what was received at `since` (epoch ms) or later; what came last stands last, and of more than
   * `max` the first ones are left out. `share` as above.
   */
  recentSessions(
    since: number,
    except: readonly Uncommitted[],
    max: number,
    share?: LogShare,
  ): Promise<readonly StoredSession[]>;
  addDeadLetters(letters: readonly DeadLetter[]): Promise<void>;
  close(): Promise<void>;
}

/** One stored row, keys in column order, instants as RFC 3339 in UTC. */
export type StoredRow = Readonly<Record<string, unknown>>;

/** The store as questions need it; every call is bound to one project. */
export interface EventReader {
  /** Answers within `budget`; throws `query_over_budget` past it. */
  ask(projectId: string, question: Question): Promise<QueryAnswer>;
  /** Gives every row received in `from` <= t < `to` (epoch ms) in order of `received_at`, in pages. */
  exportRows(projectId: string, range: { from: number; to: number }): AsyncIterable<readonly StoredRow[]>;
  /** Gives rows stored after the cursor, oldest first, at most `limit`, and the cursor to ask with next; null begins now. */
  rowsSince(
    projectId: string,
    cursor: string | null,
    limit: number,
  ): Promise<{ rows: readonly StoredRow[]; cursor: string }>;
  /** Gives the newest dead letters first, at most `limit`; all projects where `projectId` is null. */
  deadLetters(projectId: string | null, limit: number): Promise<readonly DeadLetter[]>;
  /** Answers where the engine does; throws `store_unavailable`. */
  ping(): Promise<void>;
}
