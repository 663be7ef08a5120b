import { questionSchema } from '@px-platform/schemas';
import { openEmbeddedStore } from '@px-platform/store';
import { connectEmbedded } from '@px-platform/store/engine';
import { fillStore, generatedEnd } from '../generate/fill-store.ts';
import { mainProject } from '../generate/insert-day.ts';
import { answerParent } from './answer-parent.ts';

/** What the parent may ask of the process that holds a store of generated events. */
export type QueryCommand =
  | { readonly kind: 'fill'; readonly folder: string; readonly events: number }
  | { readonly kind: 'open'; readonly folder: string }
  | { readonly kind: 'ask'; readonly question: object }
  | { readonly kind: 'select'; readonly sql: string };

/** How long a question took (ms, from the call to its rows in this process), what it read; `isOver`: it passed its budget. */
export interface Asked {
  readonly ms: number;
  /** CPU time of all threads of the process, ms: others' load shows in it far less than in `ms`. */
  readonly cpuMs: number;
  readonly rowsRead: number;
  readonly isOver: boolean;
}

type Open = Awaited<ReturnType<typeof openEmbeddedStore>>;
let open: Open | null = null;
let engine: ReturnType<typeof connectEmbedded> | null = null;

answerParent(async (message) => {
  const command = message as QueryCommand;
  switch (command.kind) {
    case 'fill':
      await fillStore(command.folder, command.events, (line) => console.log(`  ${line}`));
      return {};
    case 'open':
      open = await openEmbeddedStore({ path: command.folder, clock: () => generatedEnd });
      engine = connectEmbedded(command.folder);
      await makeDerived(open);
      return {};
    case 'ask': {
      if (open === null) throw new Error('No store is open.');
      const question = questionSchema.parse(command.question);
      const startedAt = performance.now();
      const before = process.cpuUsage();
      const answer = await open.reader.ask(mainProject, question).catch(refuseOther);
      const ms = performance.now() - startedAt;
      const cpu = process.cpuUsage(before);
      const cpuMs = (cpu.user + cpu.system) / 1_000;
      return { ms, cpuMs, rowsRead: answer?.rows_read ?? Number.NaN, isOver: answer === null };
    }
    case 'select': {
      if (engine === null) throw new Error('No store is open.');
      return { rows: (await engine.ask({ sql: command.sql, params: {} })).rows };
    }
  }
});

/** As the processor's process does it in rounds: a store that is opened again has its hours. */
async function makeDerived({ joinsMaker, rollupMaker }: Open): Promise<void> {
  const onError = (error: unknown): never => {
    throw error;
  };
  const round = { aborted: new AbortController().signal, onError };
  await joinsMaker.makeRound(round);
  await rollupMaker.makeRound(round);
}

/** A question over its budget is a figure too. */
function refuseOther(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'query_over_budget') return null;
  throw error;
}
