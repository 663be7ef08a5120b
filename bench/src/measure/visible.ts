import { setTimeout as wait } from 'node:timers/promises';
import { processorConfigSchema } from '@px-platform/processor';
import { toPercentile } from '../load/fire.ts';
import { openStandalone, type Standalone } from '../processes/standalone.ts';
import { toFixed } from '../report/spread.ts';
import type { Measurement } from './measurement.ts';

/** How long the oldest event may wait for others; the standalone runs here with its defaults. */
const flushIntervalMs = processorConfigSchema.parse({}).FLUSH_INTERVAL_MS;
const askEveryMs = 10;
const timeoutMs = 10_000;

/** Time from an event's 202 until the query API tells of it, one event at a time. */
export const measureVisible: Measurement = async (effort, say) => {
  const standalone = await openStandalone();
  try {
    await watchOne(standalone, 'warm_up');
    const times: number[] = [];
    for (let tried = 0; tried < effort.tries; tried += 1) {
      times.push(await watchOne(standalone, `visible_${tried}`));
      // Not in step with the processor's own looks at the log.
      await wait((tried * 37) % 100);
    }
    const sorted = times.toSorted((a, b) => a - b);
    const p50 = toPercentile(sorted, 0.5);
    const p95 = toPercentile(sorted, 0.95);
    say(`visible after ${toFixed(p50)} ms (p50), ${toFixed(p95)} ms (p95)`);
    return [
      {
        title: 'From 202 to visible',
        words:
          `One event at a time on an idle server, ${effort.tries} tries; \`POST /api/v1/query\` is asked every ${askEveryMs} ms until ` +
          'it answers with the event. Limit: `FLUSH_INTERVAL_MS`, for which the processor waits for more to come.',
        header: ['', 'min', 'p50', 'p95', 'limit', 'ratio of p50'],
        rows: [
          [
            'ms',
            toFixed(sorted[0] ?? Number.NaN),
            toFixed(p50),
            toFixed(p95),
            String(flushIntervalMs),
            toFixed(p50 / flushIntervalMs, 2),
          ],
        ],
        targets: [],
      },
    ];
  } finally {
    await standalone.close();
  }
};

async function watchOne(standalone: Standalone, event: string): Promise<number> {
  const answer = await fetch(`${standalone.url}/api/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${standalone.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ event, anonymous_id: 'someone' }),
  });
  if (answer.status !== 202) throw new Error(`The event was answered ${answer.status}: ${await answer.text()}`);
  const acceptedAt = performance.now();
  while (performance.now() - acceptedAt < timeoutMs) {
    const rows = await standalone.ask({ question: 'events', event, limit: 1 });
    if (rows.length > 0) return performance.now() - acceptedAt;
    await wait(askEveryMs);
  }
  throw new Error(`The event ${event} was not visible after ${timeoutMs} ms.`);
}
