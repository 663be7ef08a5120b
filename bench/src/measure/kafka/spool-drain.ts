import { setTimeout as wait } from 'node:timers/promises';
import { eventTopic } from '@px-platform/schemas';
import { openGenerator } from '../../load/open-generator.ts';
import { type KafkaStack, openKafkaStack } from '../../processes/kafka-stack.ts';
import { readCounter } from '../../processes/read-counter.ts';
import { toFixed } from '../../report/spread.ts';
import type { Measurement } from '../measurement.ts';

const requestsPerSecond = 1_000;
const awaySeconds = 15;
const leastRatio = 5;
const askEveryMs = 20;

/** How fast the spool of a real server drains into a real broker that was killed and is back, while events go on coming. */
export const measureKafkaSpool: Measurement = async (_effort, say) => {
  const generator = openGenerator();
  const stack = await openKafkaStack({ processors: 1 });
  try {
    const { broker } = stack;
    await broker.kill();
    const offering = generator.offer({
      aim: { url: `${stack.url}/api/v1/events`, apiKey: stack.apiKey, connections: 64 },
      bodies: { requests: 5_000, eventsPerRequest: 1, isGzip: false, form: 'own' },
      // Until some time after the drain: a broker takes seconds to start.
      seconds: awaySeconds * 2,
      requestsPerSecond,
    });
    await wait(awaySeconds * 1_000);
    const spooled = await readCount(stack, 'spooled');
    await broker.start();
    const { records, seconds, before } = await watchDrain(stack);
    const { accepted, failures, refused, unsent, acceptedP50, acceptedP99 } = await offering;
    if (failures + refused > 0) throw new Error(`${failures + refused} requests were not answered 202.`);
    const sent = accepted;
    await stack.drain();
    const rows = await stack.countRows();
    if (rows < sent) throw new Error(`${sent} events got a 202, but the store holds ${rows} rows.`);
    const perSecond = records / seconds;
    const ratio = perSecond / requestsPerSecond;
    say(`${toFixed(perSecond)} records/s drained while ${toFixed(requestsPerSecond)} came`);
    return [
      {
        title: 'The spool of a server drains into Kafka',
        words:
          `${toFixed(requestsPerSecond)} single events a second; the broker is killed for ${awaySeconds} s and started again, which takes it some seconds more. Drained is counted from the ` +
          'first record that the spool gave to the broker until it held none; those that came meanwhile are among them. Latencies are those of all requests. Afterwards the store held a row for each accepted event. Limit: the demand.',
        header: [
          'spooled',
          'before the drain',
          'drained',
          'seconds',
          'drained/s',
          'times what comes',
          'limit',
          'p50 ms',
          'p99 ms',
          'not sent',
        ],
        rows: [
          [
            toFixed(spooled),
            toFixed(before),
            toFixed(records),
            toFixed(seconds, 2),
            toFixed(perSecond),
            toFixed(ratio, 1),
            toFixed(leastRatio),
            toFixed(acceptedP50, 1),
            toFixed(acceptedP99, 1),
            toFixed(unsent),
          ],
        ],
        targets: [
          {
            what: 'drained into a real broker, times what comes',
            atLeast: toFixed(leastRatio),
            measured: toFixed(ratio, 1),
            isMet: ratio >= leastRatio,
          },
        ],
      },
    ];
  } finally {
    await Promise.all([generator.close(), stack.close()]);
  }
};

/** Waits until the drain has begun, then until the spool is empty; counts what it gave to the broker between. */
async function watchDrain(stack: KafkaStack): Promise<{ records: number; seconds: number; before: number }> {
  while ((await readCount(stack, 'drained')) === 0) await wait(askEveryMs);
  const startedAt = performance.now();
  const first = await readCount(stack, 'drained');
  const { spooled: before } = await stack.askQueue();
  while ((await stack.askQueue()).spooled > 0) await wait(askEveryMs);
  const seconds = (performance.now() - startedAt) / 1_000;
  return { records: (await readCount(stack, 'drained')) - first, seconds, before };
}

/** Records that the spool has taken, or given on. */
function readCount({ url }: KafkaStack, outcome: 'spooled' | 'drained'): Promise<number> {
  return readCounter(`${url}/metrics`, 'px_spool_records_total', { topic: eventTopic, outcome });
}
