import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRandom } from '../src/history.ts';
import { planFaults, takeFaults } from './plan-faults.ts';
import { runChaos } from './run-chaos.ts';
import { type Stack, startStack } from './start-stack.ts';

const seed = `chaos-${Date.now()}`;
let stack: Stack | undefined;

beforeAll(async () => {
  const env = { KAFKA_SESSION_TIMEOUT_MS: '6000', BATCH_SIZE: '200', FLUSH_INTERVAL_MS: '20' };
  stack = await startStack({ brokers: 3, servers: 2, processors: 3, partitions: 6, env });
}, 240_000);
afterAll(() => stack?.close());

it(
  'stores what it acknowledged once and in order, while servers, processors, brokers and stores are killed, frozen, cut off and rolled',
  async () => {
    if (stack === undefined) throw new Error('the stack did not start');
    const lines: string[] = [];
    const result = await runChaos({
      stack,
      faults: takeFaults(planFaults(createRandom(seed), 3_000), 13),
      seed,
      persons: 24,
      batchesPerPerson: 80,
      eventsPerBatch: 5,
      pauseMs: 2_500,
      say: (line) => lines.push(line),
    });
    const { findings, tally, events } = result;
    process.stdout.write(
      `\nchaos (seed ${seed}): ${result.faults.length} faults, ${events} events, ${tally.requests} requests, ${tally.resends} resends, ${findings.rows} rows\n${lines.join('\n')}\n`,
    );
    expect(findings).toMatchObject({ rows: events, lost: [], doubled: [], neverSent: [], altered: [], replaced: [] });
    expect(result.disordered).toEqual([]);
    expect(result.wereSendingToTheEnd).toBe(true);
  },
  10 * 60_000,
);
