import { toPercentile } from '../../load/fire.ts';
import { openGenerator } from '../../load/open-generator.ts';
import { openKafkaStack } from '../../processes/kafka-stack.ts';
import { readProcessCost } from '../../processes/process-cost.ts';
import { openStandalone } from '../../processes/standalone.ts';
import { toFixed } from '../../report/spread.ts';
import type { Measurement } from '../measurement.ts';
import { askEveryMs, type MarkTarget, markEveryMs, watchMarks } from '../pipeline/watch-marks.ts';

const eventsPerSecond = 1_000;
const eventsPerRequest = 10;
const mostMs = 2_000;

/** Time from an event's 202 until a question tells of it, while others come at 1,000 a second: through Kafka, and embedded. */
export const measureKafkaFresh: Measurement = async (effort, say) => {
  const generator = openGenerator();

  async function watch(name: string, target: MarkTarget, pids: readonly number[]): Promise<Fresh> {
    const cpu = (): number => pids.reduce((sum, pid) => sum + readProcessCost(pid).cpuSeconds, 0);
    await watchMarks(target, 1, 'warm_up');
    const before = cpu();
    const offering = generator.offer({
      aim: { url: `${target.url}/api/v1/events/batch`, apiKey: target.apiKey, connections: 16 },
      bodies: { requests: 1_000, eventsPerRequest, isGzip: false, form: 'own' },
      seconds: effort.freshSeconds,
      requestsPerSecond: eventsPerSecond / eventsPerRequest,
    });
    const times = await watchMarks(target, (effort.freshSeconds * 1_000) / markEveryMs, 'marked');
    const { failures, refused } = await offering;
    if (failures + refused > 0) throw new Error(`${name}: ${failures + refused} requests were not answered 202.`);
    const cores = (cpu() - before) / effort.freshSeconds;
    times.sort((a, b) => a - b);
    say(
      `${name}: visible after ${toFixed(toPercentile(times, 0.5))} ms (p50), ${toFixed(toPercentile(times, 0.99))} ms (p99)`,
    );
    return { name, times, cores };
  }

  try {
    const standalone = await openStandalone();
    const embedded = await watch('embedded', standalone, [standalone.pid]).finally(() => standalone.close());
    const stack = await openKafkaStack({ processors: 1 });
    const processes = [stack.server, ...stack.processors, stack.engine].map((one) => one.pid());
    const kafka = await watch('Kafka', stack, processes).finally(() => stack.close());
    return [toSection([embedded, kafka], effort.freshSeconds)];
  } finally {
    await generator.close();
  }
};

interface Fresh {
  readonly name: string;
  /** Ms, ascending. */
  readonly times: readonly number[];
  readonly cores: number;
}

function toSection(all: readonly Fresh[], seconds: number) {
  const p99 = toPercentile(all.at(-1)?.times ?? [], 0.99);
  return {
    title: 'From 202 to visible through Kafka',
    words:
      `${toFixed(eventsPerSecond)} events/s in batches of ${eventsPerRequest} for ${seconds} s at a rate of their own; each ${markEveryMs} ms one event more, which a question asks ` +
      `for every ${askEveryMs} ms until it is there. First the standalone, then a server, a broker, a processor and the engine behind HTTP. Limit: the demand. Cores are those of ` +
      "the standalone's processes, and of server, processor and engine.",
    header: ['log', 'events marked', 'p50 ms', 'p95 ms', 'p99 ms', 'limit', 'ratio of p99', 'cores in use'],
    rows: all.map(({ name, times, cores }) => [
      name,
      toFixed(times.length),
      ...[0.5, 0.95, 0.99].map((share01) => toFixed(toPercentile(times, share01))),
      toFixed(mostMs),
      toFixed(toPercentile(times, 0.99) / mostMs, 2),
      toFixed(cores, 2),
    ]),
    targets: [
      {
        what: 'visible through Kafka at 1,000 events/s, p99',
        atLeast: `<= ${toFixed(mostMs)} ms`,
        measured: `${toFixed(p99)} ms`,
        isMet: p99 <= mostMs,
      },
    ],
  };
}
