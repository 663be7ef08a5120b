import { toPercentile } from '../../load/fire.ts';
import { openGenerator } from '../../load/open-generator.ts';
import { readProcessCost, resetPeak, watchMemory } from '../../processes/process-cost.ts';
import { openStandalone } from '../../processes/standalone.ts';
import { toFixed, toMib } from '../../report/spread.ts';
import type { Measurement } from '../measurement.ts';
import { askEveryMs, markEveryMs, watchMarks } from './watch-marks.ts';

const eventsPerSecond = 1_000;
const eventsPerRequest = 10;
const mostMs = 2_000;
const maxBytes = 1024 ** 3;

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
          'those of all its processes meanwhile. Held: the most that they held at one time, looked at four times a second, a page that ' +
          'several share counted once (PSS); the last two columns count it for each (RSS), the peaks as if all came at once (VmHWM).',
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
