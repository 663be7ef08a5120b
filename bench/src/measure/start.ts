import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStandalone } from '../processes/standalone.ts';
import { toFixed, toMedian } from '../report/spread.ts';
import type { Measurement } from './measurement.ts';

/** What a second start may take at most. */
const limitMs = 5_000;

/** Time until the process takes requests: on an empty data folder, and again on what a stopped one left. */
export const measureStart: Measurement = async (effort, say) => {
  const firstMs: number[] = [];
  const laterMs: number[] = [];
  for (let round = 0; round < effort.rounds; round += 1) {
    const folder = mkdtempSync(join(tmpdir(), 'px-bench-start-'));
    try {
      firstMs.push(await start(folder));
      laterMs.push(await start(folder));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const toRow = (what: string, times: readonly number[], limit: string, ratio: string): string[] => {
    return [what, toFixed(Math.min(...times)), toFixed(toMedian(times)), limit, ratio];
  };
  const later = toMedian(laterMs);
  say(`ready after ${toFixed(toMedian(firstMs))} ms the first time, ${toFixed(later)} ms later`);
  return [
    {
      title: 'From start to ready',
      words:
        `From the start of the process until \`/health/ready\` answers 200, ${effort.rounds} rounds: on an empty data folder, ` +
        'where the databases are made, and again on it after Ctrl-C.',
      header: ['ms', 'min', 'median', 'limit', 'ratio'],
      rows: [
        toRow('first start', firstMs, '', ''),
        toRow('second start', laterMs, toFixed(limitMs), toFixed(later / limitMs, 2)),
      ],
      targets: [
        { what: 'second start', atLeast: '<= 5,000 ms', measured: `${toFixed(later)} ms`, isMet: later <= limitMs },
      ],
    },
  ];
};

async function start(folder: string): Promise<number> {
  const standalone = await openStandalone({ folder });
  await standalone.close();
  return standalone.readyMs;
}
