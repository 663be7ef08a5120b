import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openGenerator } from '../../load/open-generator.ts';
import { openKafkaStack } from '../../processes/kafka-stack.ts';
import { workOffOnce } from '../../processes/work-off-topic.ts';
import { readProfile, toMonotonicUs } from '../../profile/read-profile.ts';
import { type ProfiledWork, toProfileSections } from '../../profile/to-profile-sections.ts';
import { toFixed } from '../../report/spread.ts';
import type { Measurement } from '../measurement.ts';

const eventsPerRequest = 20;
const connections = 64;

/** A span of the monotonic clock, in µs, and who did what in it. */
interface Watched {
  readonly pid: number;
  readonly from: number;
  readonly to: number;
  readonly work: ProfiledWork;
}

/** Where the time of a server and of a processor on Kafka goes: batches of 20, the reference mix to rows, and nothing to do. */
export const profileKafka: Measurement = async (effort, say) => {
  const folder = mkdtempSync(join(tmpdir(), 'px-profile-'));
  const generator = openGenerator();
  const execArgv = ['--cpu-prof', `--cpu-prof-dir=${folder}`];
  const stack = await openKafkaStack({ processors: 1, execArgv, env: { KAFKA_SESSION_TIMEOUT_MS: '120000' } });
  const watched: Watched[] = [];

  async function watch(pid: number, of: ProfiledWork, work: () => Promise<unknown>): Promise<void> {
    const from = toMonotonicUs();
    await work();
    watched.push({ pid, from, to: toMonotonicUs(), work: of });
  }

  try {
    const [processor] = stack.processors;
    if (processor === undefined) throw new RangeError('There is no processor.');
    await wait(2_000);
    for (const one of [processor, stack.server]) {
      const what = one === processor ? 'processor' : 'server';
      const span = `${effort.idleSeconds} s in which nothing comes`;
      const work = { title: `${what}, idle`, span, unit: 'second', units: effort.idleSeconds };
      if (one === processor) await watch(one.pid(), work, () => wait(effort.idleSeconds * 1_000));
      else watched.push({ ...(watched.at(-1) as Watched), pid: one.pid(), work });
    }
    const requests = Math.floor(effort.eventsPerRound / eventsPerRequest);
    const aim = { url: `${stack.url}/api/v1/events/batch`, apiKey: stack.apiKey, connections };
    const plan = { requests, eventsPerRequest, isGzip: false, form: 'own' } as const;
    const fire = async (): Promise<void> => {
      await generator.fire(aim);
    };
    processor.freeze();
    await generator.prepare(plan);
    await fire();
    await generator.prepare(plan);
    const span = `${toFixed(requests)} requests`;
    await watch(
      stack.server.pid(),
      { title: 'server, 20 events a request', span, unit: 'request', units: requests },
      fire,
    );
    processor.thaw();
    await stack.drain();
    const topic = { seed: 1, events: effort.topicEvents };
    await watch(
      processor.pid(),
      {
        title: 'processor, reference mix',
        span: `${toFixed(topic.events)} events`,
        unit: 'event',
        units: topic.events,
      },
      () => workOffOnce(stack, 1, topic),
    );
    await Promise.all([processor.stop(), stack.server.stop()]);
    say('profiled');
    return watched.flatMap(({ pid, from, to, work }) => {
      const text = readFileSync(join(folder, findProfile(folder, pid)), 'utf8');
      return toProfileSections(readProfile(text, { from, to }), work);
    });
  } finally {
    await Promise.all([generator.close(), stack.close()]);
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Node names each profile CPU.DATE.TIME.PID.THREAD.SEQUENCE.cpuprofile. */
function findProfile(folder: string, pid: number): string {
  const file = readdirSync(folder).find((name) => name.split('.')[3] === String(pid));
  if (file === undefined) throw new Error(`Process ${pid} left no profile behind.`);
  return file;
}
