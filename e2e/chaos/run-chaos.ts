import { setTimeout as wait } from 'node:timers/promises';
import { compareRows, type LedgerRow, type RowFindings } from '../soak/ledger/compare-rows.ts';
import { toContent } from '../soak/load/to-content.ts';
import { createRandom, makeHistory } from '../src/history.ts';
import { type ClientTally, createTally, sendHistory } from '../src/retrying-client.ts';
import { type ExportedRow, makeServerKey, readExport, untilDrained } from '../src/standalone-process.ts';
import { carryOutFault } from './carry-out-fault.ts';
import type { Fault } from './plan-faults.ts';
import type { Stack } from './start-stack.ts';

/** What a run of faults came to. */
export interface ChaosResult {
  readonly findings: RowFindings;
  readonly tally: ClientTally;
  readonly events: number;
  readonly faults: readonly Fault[];
  /** Whether clients were sending until the last fault was over. */
  readonly wereSendingToTheEnd: boolean;
  /** Persons whose rows do not lie in the log in the order in which their batches were acknowledged. */
  readonly disordered: readonly string[];
}

const drainWithinMs = 300_000;
const storeWithinMs = 120_000;

/**
 * Sends a history through the servers of a stack by clients that retry as the SDK does, does the faults meanwhile, one after another,
 * waits until all is stored, and holds what was acknowledged against what is stored, row by row.
 */
export async function runChaos(options: {
  readonly stack: Stack;
  readonly faults: Iterable<Fault>;
  /** Whether clients end where they stand once the faults are done; else they send all that they have. */
  readonly endsWithFaults?: boolean;
  readonly seed: string;
  readonly persons: number;
  readonly batchesPerPerson: number;
  readonly eventsPerBatch: number;
  /** A client rests up to so long between two batches while faults are done. */
  readonly pauseMs: number;
  readonly say: (line: string) => void;
}): Promise<ChaosResult> {
  const { stack, faults, seed, persons, batchesPerPerson, eventsPerBatch, say, endsWithFaults = false } = options;
  const random = createRandom(seed);
  const history = makeHistory({ seed, persons, batchesPerPerson, eventsPerBatch, endAt: Date.now() });
  const tally = createTally();
  let isOver = false;
  let hasSent = false;
  const pauseMs = (): number => (isOver ? 0 : options.pauseMs);
  const clients = Promise.all(
    history.map((person, number) => {
      const { url, apiKey } = stack.clients[number % stack.clients.length] ?? { url: '', apiKey: '' };
      const isDone = () => isOver && endsWithFaults;
      return sendHistory(person, { url, apiKey, tally, random, pauseMs, isOver: isDone });
    }),
  ).finally(() => {
    hasSent = true;
  });
  // Told where it is awaited.
  clients.catch(() => undefined);
  const done: Fault[] = [];
  for (const fault of faults) {
    done.push(fault);
    await carryOutFault(stack, fault, say);
    await wait(fault.restMs);
  }
  const wereSendingToTheEnd = !hasSent;
  isOver = true;
  await clients;
  const [client] = stack.clients;
  if (client === undefined) throw new Error('the stack has no server');
  for (const each of stack.clients) await untilDrained(each, drainWithinMs);
  const rows = await untilStored(client, tally.acknowledged.size);
  const events = history.flatMap((person) => person.batches.flat());
  const books = { ...tally, sent: new Map(events.map((event) => [String(event.event_id), toContent(event)])) };
  return {
    findings: await compareRows(books, rows),
    tally,
    events: events.length,
    faults: done,
    wereSendingToTheEnd,
    disordered: findDisordered(history, rows),
  };
}

/** Gives all rows once they are as many as were acknowledged, or where they don't become so: a queue says how it stood when brokers last answered. */
async function untilStored(client: Stack['clients'][number], count: number): Promise<StoredEvent[]> {
  const key = await makeServerKey(client);
  for (const deadline = Date.now() + storeWithinMs; ; ) {
    const rows = await Array.fromAsync(readExport(client, key), toStoredEvent);
    if (rows.length >= count || Date.now() > deadline) return rows;
    await wait(1_000);
  }
}

/** A row as the ledger reads it, and where it lay in the log: a whole row of the table is ten times as large. */
interface StoredEvent extends LedgerRow {
  readonly offset: number;
}

function toStoredEvent(row: ExportedRow): StoredEvent {
  const { event_id, request_id, anonymous_id, event, properties, _offset } = row;
  const content = toContent({ anonymous_id, event, properties: Object(properties) });
  return { eventId: String(event_id), requestId: String(request_id), content, offset: Number(_offset) };
}

/** A person's batches are sent one after another, each once the one before is acknowledged: so must they lie in the log. */
function findDisordered(history: ReturnType<typeof makeHistory>, rows: readonly StoredEvent[]): string[] {
  const places = new Map(rows.map(({ eventId, offset }) => [eventId, offset]));
  return history
    .filter(({ batches }) => {
      const offsets = batches.flatMap(([first]) => places.get(String(first?.event_id)) ?? []);
      return offsets.some((offset, at) => offset < (offsets[at - 1] ?? -1));
    })
    .map(({ personId }) => personId);
}
