import { type ClientTally, toSending } from '../../src/retrying-client.ts';

/** A stored row as the ledger reads it. */
export interface LedgerRow {
  readonly eventId: string;
  readonly requestId: string;
  /** What `toContent` of the load gives of the same event. */
  readonly content: string;
}

/** What the clients did. */
export interface Books extends Pick<ClientTally, 'acknowledged' | 'unanswered'> {
  /** Content of each event that was ever sent, by its id. */
  readonly sent: ReadonlyMap<string, string>;
}

/** What comparing row by row found; lists hold event ids. */
export interface RowFindings {
  readonly rows: number;
  /** Acknowledged and not stored. */
  readonly lost: readonly string[];
  /** Stored more than once. */
  readonly doubled: readonly string[];
  /** Stored and never sent. */
  readonly neverSent: readonly string[];
  /** Stored with another content than was sent. */
  readonly altered: readonly string[];
  /**
   * Stored from a sending later than the one that was acknowledged: the copy took the place of the first, which a merge
   * of the table hides.
   */
  readonly replaced: readonly string[];
  /** Stored once, and no client was told so. */
  readonly storedUnacknowledged: number;
  /** Of the sendings that nobody answered, those whose rows are stored: killed after the append, before the answer. */
  readonly storedUnanswered: ReadonlySet<string>;
}

/** Holds every stored row against what was sent and acknowledged. Rows come in any order, unmerged copies among them. */
export async function compareRows(
  { sent, acknowledged, unanswered }: Books,
  rows: AsyncIterable<LedgerRow> | Iterable<LedgerRow>,
): Promise<RowFindings> {
  const unansweredIds = new Set(unanswered.map(({ requestId }) => requestId));
  const seen = new Set<string>();
  const doubled = new Set<string>();
  const [neverSent, altered, replaced]: [string[], string[], string[]] = [[], [], []];
  const storedUnanswered = new Set<string>();
  let count = 0;
  let storedUnacknowledged = 0;
  for await (const { eventId, requestId, content } of rows) {
    count += 1;
    if (unansweredIds.has(requestId)) storedUnanswered.add(requestId);
    if (seen.has(eventId)) {
      doubled.add(eventId);
      continue;
    }
    seen.add(eventId);
    const was = sent.get(eventId);
    if (was === undefined) neverSent.push(eventId);
    else if (was !== content) altered.push(eventId);
    const sending = acknowledged.get(eventId);
    if (sending === undefined) storedUnacknowledged += 1;
    else if (toSending(requestId) > sending) replaced.push(eventId);
  }
  const lost = [...acknowledged.keys()].filter((id) => !seen.has(id));
  return {
    rows: count,
    lost,
    doubled: [...doubled],
    neverSent,
    altered,
    replaced,
    storedUnacknowledged,
    storedUnanswered,
  };
}
