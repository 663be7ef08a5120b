import { setTimeout as wait } from 'node:timers/promises';
import { openKafkaStack } from '../../processes/kafka-stack.ts';
import { readProcessCost } from '../../processes/process-cost.ts';
import { openStandalone } from '../../processes/standalone.ts';
import { toFixed } from '../../report/spread.ts';
import type { Measurement } from '../measurement.ts';

const mostIdle01 = 0.01;
const settleMs = 5_000;

/** What a server and a processor on Kafka cost that have nothing to do, beside the standalone; each after its start has settled. */
export const measureKafkaIdle: Measurement = async (effort, say) => {
  const watch = async (pids: Readonly<Record<string, number>>): Promise<Map<string, number>> => {
    await wait(settleMs);
    const cpu = (): [string, number][] =>
      Object.entries(pids).map(([name, pid]) => [name, readProcessCost(pid).cpuSeconds]);
    const before = new Map(cpu());
    await wait(effort.idleSeconds * 1_000);
    return new Map(cpu().map(([name, seconds]) => [name, (seconds - (before.get(name) ?? 0)) / effort.idleSeconds]));
  };

  const standalone = await openStandalone();
  const embedded = await watch({ standalone: standalone.pid }).finally(() => standalone.close());
  const stack = await openKafkaStack({ processors: 1 });
  const pids = { server: stack.server.pid(), processor: stack.processors[0]?.pid() ?? 0, engine: stack.engine.pid() };
  const kafka = await watch(pids).finally(() => stack.close());

  const [server = Number.NaN, processor = Number.NaN] = [kafka.get('server'), kafka.get('processor')];
  const both01 = server + processor;
  const alone01 = embedded.get('standalone') ?? Number.NaN;
  say(`server ${toPercent(server)} and processor ${toPercent(processor)} of a core`);
  return [
    {
      title: 'Idle on Kafka',
      words:
        `Shares of a core over ${effort.idleSeconds} s in which nothing comes, ${settleMs / 1_000} s after the start. The engine behind HTTP counts apart, as ClickHouse's own would; in the standalone ` +
        'it is a part of the process. Limit: the demand.',
      header: ['process', 'of a core', 'limit', 'ratio'],
      rows: [
        ['server on Kafka', toPercent(server), '', ''],
        ['processor on Kafka', toPercent(processor), '', ''],
        ['both', toPercent(both01), toPercent(mostIdle01), toFixed(both01 / mostIdle01, 2)],
        ['engine behind HTTP', toPercent(kafka.get('engine') ?? Number.NaN), '', ''],
        ['standalone, engine included', toPercent(alone01), toPercent(mostIdle01), toFixed(alone01 / mostIdle01, 2)],
      ],
      targets: [
        {
          what: 'idle server and processor on Kafka together, of a core',
          atLeast: `<= ${toPercent(mostIdle01)}`,
          measured: toPercent(both01),
          isMet: both01 <= mostIdle01,
        },
        {
          what: 'idle standalone, engine included, of a core',
          atLeast: `<= ${toPercent(mostIdle01)}`,
          measured: toPercent(alone01),
          isMet: alone01 <= mostIdle01,
        },
      ],
    },
  ];
};

function toPercent(share01: number): string {
  return `${toFixed(share01 * 100, 2)} %`;
}
