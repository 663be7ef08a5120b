import { generatedDays, generatedEnd } from '../../generate/fill-store.ts';
import { mainProject } from '../../generate/insert-day.ts';
import { toPercentile } from '../../load/fire.ts';
import { readProcessCost, resetPeak } from '../../processes/process-cost.ts';
import { toMedian } from '../../report/spread.ts';
import type { Measurement } from '../measurement.ts';
import { toAskedQuestions } from './asked-questions.ts';
import { type AskedTimes, type MeasuredStore, toSections } from './query-sections.ts';
import { openQueryStore, type QueryStore } from './query-store.ts';

const dayMs = 24 * 60 * 60 * 1_000;
/** The times that a dashboard asks for, and all that is there. */
const askedDays = [7, 30, generatedDays];

/**
 * How long each question takes over stores of generated events, each made once and asked by a process that does nothing
 * else; with the bytes of an event on disk and the memory of the process.
 */
export const measureQuery: Measurement = async (effort, say) => {
  const measured: MeasuredStore[] = [];
  for (const events of effort.queryEvents) {
    say(`${events.toLocaleString('en-US')} events`);
    const store = await openQueryStore(events);
    try {
      measured.push(await measureStore(store, effort.queryTries, say));
    } finally {
      await store.close();
    }
  }
  return toSections(measured);
};

async function measureStore(store: QueryStore, tries: number, say: (line: string) => void): Promise<MeasuredStore> {
  const [[events, persons, joined] = []] = await store.select(countSql);
  const [[eventBytes, sessionBytes] = []] = await store.select(bytesSql);
  const columns = await store.select(columnsSql);
  const [[person, session] = []] = await store.select(someoneSql);
  resetPeak(store.pid);
  const times: AskedTimes[] = [];
  for (const days of askedDays) {
    const range = { from: toInstant(days), to: toInstant(0) };
    for (const asked of toAskedQuestions(range, { person: String(person), session: String(session) })) {
      const timed = { ...asked, days, ...(await timeQuestion(store, asked.question, tries)) };
      times.push(timed);
      say(
        `${days} days, ${asked.name}: ${Math.round(timed.p50)} ms, ${Math.round(timed.cpuMs)} ms of CPU, ` +
          `${timed.isOver ? 'over its budget' : `${timed.rowsRead} rows read`}`,
      );
    }
  }
  return {
    events: Number(events),
    persons: Number(persons),
    joined: Number(joined),
    eventBytes: Number(eventBytes),
    sessionBytes: Number(sessionBytes),
    columns: columns.map(([name, bytes]) => ({ name: String(name), bytes: Number(bytes) })),
    peakBytes: readProcessCost(store.pid).peakBytes,
    times,
  };
}

type Timed = Pick<AskedTimes, 'p50' | 'p95' | 'cpuMs' | 'rowsRead' | 'isOver'>;

/** The first time brings what is read into the page cache, as the questions before it would have, and doesn't count. */
async function timeQuestion(store: QueryStore, question: object, tries: number): Promise<Timed> {
  const first = await store.ask(question);
  const answers = first.isOver ? [first] : [];
  while (answers.length < tries && !answers.some((answer) => answer.isOver)) answers.push(await store.ask(question));
  const sorted = answers.map((answer) => answer.ms).toSorted((a, b) => a - b);
  return {
    p50: toPercentile(sorted, 0.5),
    p95: toPercentile(sorted, 0.95),
    cpuMs: toMedian(answers.map((answer) => answer.cpuMs)),
    rowsRead: first.rowsRead,
    isOver: answers.some((answer) => answer.isOver),
  };
}

function toInstant(daysBeforeEnd: number): string {
  return new Date(generatedEnd - daysBeforeEnd * dayMs).toISOString();
}

const countSql = `
SELECT count(), uniq(person_key), (SELECT uniq(id) FROM identity_claims WHERE source = 'identify') FROM events`;
const bytesSql = `
SELECT sumIf(bytes_on_disk, table = 'events'), sumIf(bytes_on_disk, table = 'sessions')
FROM system.parts WHERE active AND database = currentDatabase()`;
const columnsSql = `
SELECT name, data_compressed_bytes FROM system.columns
WHERE database = currentDatabase() AND table = 'events' ORDER BY data_compressed_bytes DESC LIMIT 12`;
const someoneSql = `
SELECT person_key, session_id FROM events
WHERE project_id = '${mainProject}' AND timestamp < fromUnixTimestamp64Milli(${generatedEnd - dayMs}) ORDER BY day DESC, cityHash64(event_id) LIMIT 1`;
