import { setTimeout as wait } from 'node:timers/promises';
import { toPercentile } from '../../load/fire.ts';
import { openGenerator } from '../../load/open-generator.ts';
import { readProcessCost, resetPeak, watchMemory } from '../../processes/process-cost.ts';
import { openStandalone, type Standalone } from '../../processes/standalone.ts';
import { toFixed, toMib } from '../../report/spread.ts';
import type { Measurement } from '../measurement.ts';

const eventsPerSecond = 1_000;
const eventsPerRequest = 10;
const markEveryMs = 100;
const askEveryMs = 25;
const mostMs = 2_000;
const maxBytes = 1024 ** 3;
const timeoutMs = 20_000;

/** Time from an event's 202 until a question tells of it, while others come at 1,000 a second. */
export const measureFresh: Measurement = async (effort, say) => {
  const generator = openGenerator();
  const standalone = await openStandalone();
  try {
    await watchMarks(standalone, 1, 'warm_up');
    resetPeak(standalone.pid);
    const before = readProcessCost(standalone.pid);
    const memory = watchMemory(standalone.pid);
    const offering = generator.offer({
      aim: { url: `${standalone.url}/api/v1/events/batch`, apiKey: standalone.apiKey, connections: 16 },
      bodies: { requests: 1_000, eventsPerRequest, isGzip: false, form: 'own' },
      seconds: effort.freshSeconds,
      requestsPerSecond: eventsPerSecond / eventsPerRequest,
    });
    const times = (await watchMarks(standalone, (effort.freshSeconds * 1_000) / markEveryMs, 'marked')).sort(
      (a, b) => a - b,
    );
    const { accepted, failures, refused } = await offering;
    const after = readProcessCost(standalone.pid);
    const heldBytes = memory.end();
    if (failures + refused > 0) throw new Error(`${failures + refused} requests were not answered 202.`);
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => toPercentile(times, share));
    say(`visible after ${toFixed(p50 ?? 0)} ms (p50), ${toFixed(p99 ?? 0)} ms (p99)`);
    const cores = (after.cpuSeconds - before.cpuSeconds) / effort.freshSeconds;
    return [
      {
        title: 'From 202 to visible at 1,000 events/s',
        words:
          `${toFixed(accepted * eventsPerRequest)} events in batches of ${eventsPerRequest} for ${effort.freshSeconds} s at a rate of their own, through the real standalone; ` +
          `each ${markEveryMs} ms one event more, which a question asks for every ${askEveryMs} ms until it is there. Limit: the demand. CPU and memory are ` +
          'those of all its processes meanwhile, pages that they share counted for each.',
        header: [
          'events marked',
          'p50 ms',
          'p95 ms',
          'p99 ms',
          'limit',
          'ratio',
          'cores in use',
          'held MiB',
          'RSS MiB',
          'sum of peaks MiB',
        ],
        rows: [
          [
            toFixed(times.length),
            toFixed(p50 ?? Number.NaN),
            toFixed(p95 ?? Number.NaN),
            toFixed(p99 ?? Number.NaN),
            toFixed(mostMs),
            toFixed((p99 ?? Number.NaN) / mostMs, 2),
            toFixed(cores, 2),
            toMib(heldBytes),
            toMib(after.residentBytes),
            toMib(after.peakBytes),
          ],
        ],
        targets: [
          {
            what: 'visible at 1,000 events/s, p99',
            atLeast: `<= ${toFixed(mostMs)} ms`,
            measured: `${toFixed(p99 ?? Number.NaN)} ms`,
            isMet: p99 !== undefined && p99 <= mostMs,
          },
          {
            what: 'memory that all processes hold together at 1,000 events/s',
            atLeast: `<= ${toMib(maxBytes)} MiB`,
            measured: `${toMib(heldBytes)} MiB`,
            isMet: heldBytes <= maxBytes,
          },
        ],
      },
    ];
  } finally {
    await Promise.all([generator.close(), standalone.close()]);
  }
};

/** Sends `count` events, one after another at their times; gives after how many ms from its 202 each was visible. */
async function watchMarks(standalone: Standalone, count: number, event: string): Promise<number[]> {
  const acceptedAt = new Map<string, number>();
  const times: number[] = [];
  const startedAt = performance.now();

  async function mark(): Promise<void> {
    for (let marked = 0; marked < count; marked += 1) {
      await wait(startedAt + marked * markEveryMs - performance.now());
      const answer = await fetch(`${standalone.url}/api/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${standalone.apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ event, anonymous_id: `someone ${marked}` }),
      });
      if (answer.status !== 202) throw new Error(`The event was answered ${answer.status}: ${await answer.text()}`);
      acceptedAt.set(`someone ${marked}`, performance.now());
    }
  }

  async function watch(): Promise<void> {
    const endsAt = startedAt + count * markEveryMs + timeoutMs;
    while (times.length < count) {
      if (performance.now() > endsAt)
        throw new Error(`${count - times.length} events were not visible after ${timeoutMs} ms.`);
      await wait(askEveryMs);
      for (const row of await standalone.ask({ question: 'events', event, limit: 100 })) {
        const person = row.find((value) => typeof value === 'string' && value.startsWith('someone '));
        const at = acceptedAt.get(String(person));
        if (at === undefined) continue;
        acceptedAt.delete(String(person));
        times.push(performance.now() - at);
      }
    }
  }

  await Promise.all([mark(), watch()]);
  return times;
}
