import type { TableBytes } from '@px-platform/store/engine-alone';
import { openChild } from './child.ts';

/** How far the reference mix goes: into rows that nobody keeps, into the store, or by the engine alone, made ready before. */
export interface WorkOffJob {
  readonly way: 'rows' | 'stored' | 'engine';
  readonly events: number;
  readonly chunkEvents: number;
  readonly batchRows: number;
  /** Of the engine's data; empty. */
  readonly folder: string;
  /** Of the engine alone: whether its table is merged and measured at the end. */
  readonly isMerged: boolean;
}

/** What a part of the events cost, from their being in the log until they are committed. */
export interface Chunk {
  readonly events: number;
  /** Of the records in the log. */
  readonly bytes: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** What came of it. `stages` are seconds over all events. */
export interface WorkOffResult {
  readonly chunks: readonly Chunk[];
  readonly peakBytes: number;
  readonly stages: Readonly<Record<string, number>>;
  readonly events?: TableBytes;
}

/** Works the reference mix off in a process of its own. */
export async function workOffAlone(job: WorkOffJob): Promise<WorkOffResult> {
  const child = openChild(new URL('./work-off.ts', import.meta.url));
  try {
    return await child.ask<WorkOffResult>(job);
  } finally {
    await child.close();
  }
}
