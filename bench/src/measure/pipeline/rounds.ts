import type { Chunk, WorkOffResult } from '../../processes/work-off-alone.ts';

/** The three ways of the mix, in batches of one size. */
export interface Rounds {
  readonly batchRows: number;
  readonly rows: WorkOffResult;
  readonly stored: WorkOffResult;
  readonly engine: WorkOffResult;
}

/** Events of all chunks. */
export function countEvents(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, { events }) => sum + events, 0);
}

/** Events a second of all chunks. */
export function toRate(chunks: readonly Chunk[]): number {
  return countEvents(chunks) / chunks.reduce((sum, { seconds }) => sum + seconds, 0);
}

/** Time on the CPU of all chunks, in µs an event. */
export function toCpuUs(chunks: readonly Chunk[]): number {
  return (chunks.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0) / countEvents(chunks)) * 1e6;
}
