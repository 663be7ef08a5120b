import { setTimeout as wait } from 'node:timers/promises';
import { prepareFill } from './fill-topic.ts';
import type { KafkaStack } from './kafka-stack.ts';
import { readProcessCost } from './process-cost.ts';
import { readCounter } from './read-counter.ts';

/** What it cost to take what lay in the topic to rows: CPU of the processors and, apart, of the engine. */
export interface TopicRound {
  readonly events: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly engineCpuSeconds: number;
}

const lookEveryMs = 100;
const timeoutMs = 180_000;

/**
 * Fills the topic while the first `count` processors are frozen, thaws them, and waits until all is stored. Throws where the store does not
 * hold each event once then.
 */
export async function workOffOnce(
  stack: KafkaStack,
  count: number,
  plan: { readonly seed: number; readonly events: number },
): Promise<TopicRound> {
  const processors = stack.processors.slice(0, count);
  const pids = processors.map((one) => one.pid());
  const readRows = async (): Promise<number> => {
    const all = await Promise.all(
      processors.map(({ url }) => readCounter(`${url}/metrics`, 'px_processor_rows_total')),
    );
    return all.reduce((sum, rows) => sum + rows, 0);
  };
  const readCpu = (): number => pids.reduce((sum, pid) => sum + readProcessCost(pid).cpuSeconds, 0);

  const stored = await stack.countRows();
  const fill = await prepareFill(stack, plan);
  const before = await readRows();
  for (const one of processors) one.freeze();
  await fill.append();
  const [cpu, engineCpu, startedAt] = [readCpu(), readProcessCost(stack.engine.pid()).cpuSeconds, performance.now()];
  for (const one of processors) one.thaw();
  while ((await readRows()) - before < fill.events) {
    if (performance.now() - startedAt > timeoutMs) throw new Error(`${fill.events} events were not stored in time.`);
    await wait(lookEveryMs);
  }
  const round: TopicRound = {
    events: fill.events,
    seconds: (performance.now() - startedAt) / 1_000,
    cpuSeconds: readCpu() - cpu,
    engineCpuSeconds: readProcessCost(stack.engine.pid()).cpuSeconds - engineCpu,
  };
  const rows = (await stack.countRows()) - stored;
  if (rows !== fill.events)
    throw new Error(`${fill.events} events were in the topic, the store took ${rows} rows of them.`);
  return round;
}
