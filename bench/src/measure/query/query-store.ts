import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readQueryFolder } from '../../config.ts';
import type { Asked, QueryCommand } from '../../processes/answer-questions.ts';
import { openChild } from '../../processes/child.ts';

/** A process that does nothing but answer questions about generated events. */
export interface QueryStore {
  readonly pid: number;
  ask(question: object): Promise<Asked>;
  /** Gives the rows of a statement. */
  select(sql: string): Promise<readonly unknown[][]>;
  close(): Promise<void>;
}

const module = new URL('../../processes/answer-questions.ts', import.meta.url);

/**
 * Opens a store of about `events` events, in a process of its own; makes it first where `PX_BENCH_QUERY_DIR` doesn't hold it.
 * Without that folder it is made anew and removed at the end.
 */
export async function openQueryStore(events: number): Promise<QueryStore> {
  const kept = readQueryFolder();
  const parent = kept ?? mkdtempSync(join(tmpdir(), 'px-bench-query-'));
  mkdirSync(parent, { recursive: true });
  const folder = join(parent, `events-${events}`);
  if (!existsSync(folder)) await fill(folder, events);
  const child = openChild(module);
  await child.ask<object>(toCommand({ kind: 'open', folder }));
  return {
    pid: child.pid,
    ask: (question) => child.ask<Asked>(toCommand({ kind: 'ask', question })),
    async select(sql) {
      return (await child.ask<{ rows: unknown[][] }>(toCommand({ kind: 'select', sql }))).rows;
    },
    async close() {
      await child.close();
      if (kept === null) rmSync(parent, { recursive: true, force: true });
    },
  };
}

/** Another process: what filling takes of memory is not what questions take. Whole or not at all, by its name. */
async function fill(folder: string, events: number): Promise<void> {
  const child = openChild(module);
  const begun = `${folder}-begun`;
  rmSync(begun, { recursive: true, force: true });
  try {
    await child.ask<object>(toCommand({ kind: 'fill', folder: begun, events }));
  } finally {
    await child.close();
  }
  renameSync(begun, folder);
}

function toCommand(command: QueryCommand): QueryCommand {
  return command;
}
