import { existsSync, type FSWatcher, readdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';

/**
 * What the engine does on its disk while a batch is stored: it writes a part of `events` beside the table and moves it
 * in, then the same of `sessions`. The last of it that was seen before a kill tells where the kill fell.
 */
export type PartMoment = 'insert_begun' | 'inserted' | 'derive_begun' | 'derived';

/** Watches the folders of two tables from outside; what a merge writes is passed over. */
export interface PartWatch {
  /** The last moment seen, null before the first. */
  last(): PartMoment | null;
  /** Settles at the next such moment with true, with false when `signal` aborts first. */
  until(moment: PartMoment, signal: AbortSignal): Promise<boolean>;
  /**
   * Rows of all parts that inserts ever wrote to `events`, merged since or not: a row that came twice counts twice,
   * though the table's own merge has taken one away.
   */
  insertedRows(): number;
  close(): void;
}

const temporary = 'tmp_insert_';
/** `month_first_last_level`: level 0 is what an insert of events wrote. */
const insertedPart = /^\d+_\d+_\d+_0$/;
/** What an insert of sessions wrote is merged in itself first (`optimize_on_insert`): one number, at level 1. */
const derivedPart = /^\d+_(\d+)_\1_[01]$/;

/** Begins to watch. The folders exist; parts that are in them already count. */
export function watchParts(folders: { readonly events: string; readonly sessions: string }): PartWatch {
  let last: PartMoment | null = null;
  const rowsOf = new Map<string, number>();
  const waiting = new Set<{ readonly moment: PartMoment; readonly met: () => void }>();

  function see(moment: PartMoment): void {
    last = moment;
    for (const one of [...waiting]) if (one.moment === moment) one.met();
  }
  function count(name: string): boolean {
    const file = join(folders.events, name, 'count.txt');
    if (rowsOf.has(name) || !existsSync(file)) return false;
    rowsOf.set(name, Number(readFileSync(file, 'utf8')));
    return true;
  }
  function countAll(): void {
    for (const name of readdirSync(folders.events)) if (insertedPart.test(name)) count(name);
  }
  const derived = new Set<string>(readdirSync(folders.sessions));
  const begun = new Set<string>();
  /** A name comes twice: when it is made and when it is moved away. */
  const isFirst = (name: string): boolean => !begun.delete(name) && begun.add(name) !== undefined;

  const watchers: FSWatcher[] = [
    watch(folders.events, (_, name) => {
      if (name === null) return;
      if (name.startsWith(temporary) && isFirst(name)) see('insert_begun');
      if (insertedPart.test(name) && count(name)) see('inserted');
    }),
    watch(folders.sessions, (_, name) => {
      if (name === null) return;
      if (name.startsWith(temporary) && isFirst(`sessions ${name}`)) see('derive_begun');
      if (!derivedPart.test(name) || derived.has(name)) return;
      derived.add(name);
      see('derived');
    }),
  ];
  countAll();

  return {
    last: () => last,
    until: (moment, signal) =>
      new Promise((resolve) => {
        const settle = (isMet: boolean): void => {
          waiting.delete(one);
          signal.removeEventListener('abort', onAbort);
          resolve(isMet);
        };
        const onAbort = (): void => settle(false);
        const one = { moment, met: () => settle(true) };
        waiting.add(one);
        signal.addEventListener('abort', onAbort);
      }),
    insertedRows() {
      // What was moved in while nobody listened.
      countAll();
      return [...rowsOf.values()].reduce((sum, rows) => sum + rows, 0);
    },
    close() {
      for (const watcher of watchers) watcher.close();
    },
  };
}
