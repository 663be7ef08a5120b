import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type WorkOffJob, type WorkOffResult, workOffAlone } from '../../processes/work-off-alone.ts';
import { toFixed } from '../../report/spread.ts';
import type { Measurement } from '../measurement.ts';
import { toBytesSection } from './bytes-section.ts';
import { type Rounds, toRate } from './rounds.ts';
import { toSpeedSection } from './speed-section.ts';
import { toStagesSection } from './stages-section.ts';

const smallBatch = 1_000;
const largeBatch = 10_000;
const chunks = 10;

/**
 * The reference mix from log to row, from log to store, and the rows by the engine alone, each in a process of its own, one
 * after the other; then what a row takes on the disk. Small batches take a tenth of the events: they cost more each.
 */
export const measurePipeline: Measurement = async (effort, say) => {
  const folder = mkdtempSync(join(tmpdir(), 'px-pipeline-'));
  const work = async (way: WorkOffJob['way'], batchRows: number): Promise<WorkOffResult> => {
    const events = batchRows === smallBatch ? effort.mixEvents / 10 : effort.mixEvents;
    const name = `${way} ${batchRows}`;
    const result = await workOffAlone({
      way,
      batchRows,
      events,
      chunkEvents: events / chunks,
      folder: join(folder, name),
      isMerged: batchRows === largeBatch,
    });
    rmSync(join(folder, name), { recursive: true, force: true });
    say(`${way}, batches of ${batchRows}: ${toFixed(toRate(result.chunks))} events/s`);
    return result;
  };
  try {
    const all: Rounds[] = [];
    for (const batchRows of [smallBatch, largeBatch]) {
      const rows = await work('rows', batchRows);
      const stored = await work('stored', batchRows);
      all.push({ batchRows, rows, stored, engine: await work('engine', batchRows) });
    }
    const merged = all.at(-1)?.engine.events;
    return [toSpeedSection(all), toStagesSection(all), ...(merged === undefined ? [] : [toBytesSection(merged)])];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
