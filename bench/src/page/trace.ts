import type { Browser, Page } from 'playwright-core';

/** One task of a page's main thread. */
export interface Task {
  /** µs of the browser's clock. */
  readonly startedAt: number;
  /** µs until it ended: what it waited for, other processes among it, included. */
  readonly us: number;
  /** µs of these on the CPU. */
  readonly cpuUs: number;
}

/** What the browser's own tracing tells of one page. */
export interface Trace {
  /** The tasks of its main thread in order, none inside another. */
  readonly tasks: readonly Task[];
  /** µs of the browser's clock, by the name of the page's `performance.mark`. */
  readonly marks: ReadonlyMap<string, number>;
  /** µs that a script ran when it was loaded, compiling included, by its URL. */
  readonly scripts: ReadonlyMap<string, number>;
}

interface TraceEvent {
  readonly name: string;
  readonly cat: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly data?: { readonly url?: string } };
}

/** As DevTools' performance panel: `RunTask` stands for each turn of a thread's task queue. */
const taskCategory = 'disabled-by-default-devtools.timeline';
const categories = ['-*', taskCategory, 'devtools.timeline', 'blink.user_timing'];

/** Traces the browser while `run` does. The page must have set a mark that begins with `bench:`. */
export async function traceDuring<T>(
  { browser, page }: { browser: Browser; page: Page },
  run: () => Promise<T>,
): Promise<{ result: T; trace: Trace }> {
  await browser.startTracing(page, { categories });
  const result = await run();
  const text = (await browser.stopTracing()).toString();
  return { result, trace: readTrace(text) };
}

/** The tasks that began between two marks. */
export function toTasksBetween(trace: Trace, from: string, to: string): readonly Task[] {
  const since = trace.marks.get(from) ?? Number.NaN;
  const until = trace.marks.get(to) ?? Number.NaN;
  if (Number.isNaN(since + until)) throw new Error(`The trace lacks the marks "${from}" and "${to}".`);
  return trace.tasks.filter(({ startedAt, us }) => startedAt + us > since && startedAt < until);
}

function parseTrace(text: string): readonly TraceEvent[] {
  return (JSON.parse(text) as { traceEvents: readonly TraceEvent[] }).traceEvents;
}

/** Reads what the browser wrote. Throws where no mark begins with `bench:`. */
export function readTrace(text: string): Trace {
  const events = parseTrace(text);
  const marked = events.filter(({ cat, name }) => cat === 'blink.user_timing' && name.startsWith('bench:'));
  const thread = marked[0];
  if (thread === undefined) throw new Error('The page left no mark in the trace.');
  const own = events
    .filter(({ pid, tid, ph }) => pid === thread.pid && tid === thread.tid && ph === 'X')
    .sort((a, b) => a.ts - b.ts);
  const tasks: Task[] = [];
  let busyUntil = 0;
  for (const { name, cat, ts, dur = 0, tdur = 0 } of own) {
    // A task that waits inside itself (a dialog, a synchronous request) runs others, which are part of it.
    if (name !== 'RunTask' || cat !== taskCategory || ts < busyUntil) continue;
    busyUntil = ts + dur;
    tasks.push({ startedAt: ts, us: dur, cpuUs: tdur });
  }
  const scripts = new Map<string, number>();
  for (const { name, cat, dur = 0, args } of own) {
    const url = args?.data?.url;
    if (name === 'EvaluateScript' && cat === 'devtools.timeline' && url !== undefined) scripts.set(url, dur);
  }
  return { tasks, marks: new Map(marked.map(({ name, ts }) => [name, ts])), scripts };
}
