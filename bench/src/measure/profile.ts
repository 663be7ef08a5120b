import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openGenerator } from '../load/open-generator.ts';
import { openStandalone } from '../processes/standalone.ts';
import { readProfile, toMonotonicUs } from '../profile/read-profile.ts';
import { toProfileSections } from '../profile/to-profile-sections.ts';
import type { Section } from '../report/section.ts';
import { toFixed } from '../report/spread.ts';
import type { Effort, Measurement } from './measurement.ts';

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
    const size = `${load.eventsPerRequest} event${load.eventsPerRequest === 1 ? '' : 's'} a request${load.isGzip ? ', gzip' : ''}`;
    await standalone.close();
    say(`${toFixed(result.requests / result.seconds)} requests/s under the profiler`);
    return (['main', 'processor'] as const).flatMap((thread) => {
      const text = readFileSync(join(folder, findProfile(folder, thread, standalone.pid)), 'utf8');
      return toProfileSections(readProfile(text, { from, to }), {
        title: `${thread} process, ${size}`,
        span: `${toFixed(requests)} requests until all was stored`,
        unit: 'request',
        units: requests,
      });
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
