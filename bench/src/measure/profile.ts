import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openGenerator } from '../load/open-generator.ts';
import { openStandalone } from '../processes/standalone.ts';
import { type FunctionTime, readProfile } from '../profile/read-profile.ts';
import { toArea } from '../profile/to-area.ts';
import type { Section } from '../report/section.ts';
import { toFixed } from '../report/spread.ts';
import type { Effort, Measurement } from './measurement.ts';

const topFunctions = 25;
const smallestArea01 = 0.005;

/** Where the time of both processes goes under requests of one event. */
export const profileSingle: Measurement = (effort, say) => profile({ eventsPerRequest: 1, isGzip: false }, effort, say);

/** Where the time of both processes goes under gzipped batches of 50, as the SDK sends them at most. */
export const profileBatch: Measurement = (effort, say) => profile({ eventsPerRequest: 50, isGzip: true }, effort, say);

async function profile(
  load: { eventsPerRequest: number; isGzip: boolean },
  effort: Effort,
  say: (line: string) => void,
): Promise<Section[]> {
  const folder = mkdtempSync(join(tmpdir(), 'px-profile-'));
  const generator = openGenerator();
  try {
    const requests = Math.min(effort.requestsPerRound, Math.floor(effort.eventsPerRound / load.eventsPerRequest));
    const standalone = await openStandalone({ execArgv: ['--cpu-prof', `--cpu-prof-dir=${folder}`] });
    const route = load.eventsPerRequest === 1 ? '/api/v1/events' : '/api/v1/events/batch';
    const aim = { url: standalone.url + route, apiKey: standalone.apiKey, connections: 64 };
    await generator.prepare({ form: 'own', ...load, requests: Math.ceil(requests / 2) });
    await generator.fire(aim);
    await standalone.drain();
    await generator.prepare({ form: 'own', ...load, requests });
    const from = toMonotonicUs();
    const result = await generator.fire(aim);
    await standalone.drain();
    const to = toMonotonicUs();
    await standalone.close();
    say(`${toFixed(result.requests / result.seconds)} requests/s under the profiler`);
    return (['main', 'processor'] as const).flatMap((thread) => {
      const text = readFileSync(join(folder, findProfile(folder, thread, standalone.pid)), 'utf8');
      return toSections(readProfile(text, { from, to }), { ...load, requests, thread });
    });
  } finally {
    await generator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Node names each profile CPU.DATE.TIME.PID.THREAD.SEQUENCE.cpuprofile; the standalone starts the processor's process. */
function findProfile(folder: string, one: 'main' | 'processor', mainPid: number): string {
  const isMain = (file: string): boolean => file.split('.')[3] === String(mainPid);
  const file = readdirSync(folder).find((name) => isMain(name) === (one === 'main'));
  if (file === undefined) throw new Error(`The standalone left no profile of its ${one} process behind.`);
  return file;
}

function toMonotonicUs(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}

function toSections(
  times: readonly FunctionTime[],
  load: { eventsPerRequest: number; isGzip: boolean; requests: number; thread: string },
): Section[] {
  const busy = times.filter(({ name }) => name !== '(idle)');
  const busyMs = busy.reduce((sum, { selfMs }) => sum + selfMs, 0);
  const areas = new Map<string, number>();
  for (const time of busy) areas.set(toArea(time), (areas.get(toArea(time)) ?? 0) + time.selfMs);
  const toCells = (ms: number): string[] => [
    `${toFixed((ms / busyMs) * 100, 1)} %`,
    toFixed((ms * 1_000) / load.requests, 1),
  ];
  const title = `${load.thread} process, ${load.eventsPerRequest} event${load.eventsPerRequest === 1 ? '' : 's'} a request${load.isGzip ? ', gzip' : ''}`;
  return [
    {
      title: `By part, ${title}`,
      words: `Self time on the ${load.thread} process's JavaScript thread, ${toFixed(load.requests)} requests until all was stored, waiting left out: ${toFixed(busyMs)} ms.`,
      header: ['part', 'share', 'µs a request'],
      rows: [...areas]
        .filter(([, ms]) => ms / busyMs >= smallestArea01)
        .sort(([, a], [, b]) => b - a)
        .map(([area, ms]) => [area, ...toCells(ms)]),
      targets: [],
    },
    {
      title: `By function, ${title}`,
      words: 'The functions with the most self time.',
      header: ['function', 'where', 'share', 'µs a request'],
      rows: busy.slice(0, topFunctions).map(({ name, place, selfMs }) => [`\`${name}\``, place, ...toCells(selfMs)]),
      targets: [],
    },
  ];
}
