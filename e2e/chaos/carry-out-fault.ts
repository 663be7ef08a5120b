import { setTimeout as wait } from 'node:timers/promises';
import { untilInSync } from '../../infra/log/test/kafka/until-in-sync.ts';
import type { Place } from './network/open-network.ts';
import type { Fault } from './plan-faults.ts';
import type { Stack } from './start-stack.ts';

/** A part of a stack, as faults are done to it. */
interface Part {
  kill(): Promise<void>;
  start(): Promise<void>;
  freeze?(): void;
  thaw?(): void;
}

/** Does one fault to the stack and undoes it; the part is there again afterwards. Says what it did. */
export async function carryOutFault(stack: Stack, fault: Fault, say: (line: string) => void): Promise<void> {
  const { part, which, how, awayMs } = fault;
  say(`${how}: ${part} ${which} for ${Math.round(awayMs)} ms`);
  if (how === 'cut off' || how === 'mute') {
    const lines = findLines(stack, fault);
    for (const [from, to] of lines) stack.network.cut(from, to);
    await wait(awayMs);
    for (const [from, to] of lines) stack.network.mend(from, to);
    return;
  }
  if (how === 'roll') return rollBrokers(stack, awayMs);
  const target = findPart(stack, part, which);
  if (how === 'freeze' && target.freeze !== undefined) {
    target.freeze();
    await wait(awayMs);
    target.thaw?.();
    return;
  }
  await target.kill();
  await wait(awayMs);
  await target.start();
}

/** As they are restarted for an upgrade: each ends in good order, and has caught up before the next one ends. */
async function rollBrokers({ kafka }: Stack, awayMs: number): Promise<void> {
  for (const broker of kafka.brokers) {
    await untilInSync(kafka);
    await broker.stop();
    await wait(awayMs);
    await broker.start();
  }
  await untilInSync(kafka);
}

/** From whom to whom nothing arrives. */
function findLines({ places }: Stack, { part, which, how }: Fault): (readonly [from: Place, to: Place])[] {
  const { brokers, servers, processors, postgres, redis, engine } = places;
  const writes = part === 'server' || part === 'processor';
  const own = {
    broker: [choose(brokers, which)],
    brokers,
    server: [choose(servers, which)],
    processor: [choose(processors, which)],
    postgres: [postgres],
    redis: [redis],
    engine: [engine],
  }[part];
  const all = writes ? brokers : [...brokers, postgres, redis, engine, ...servers, ...processors];
  const others = all.filter((one) => !own.includes(one));
  // Whose answers are lost: of a processor and a server those that brokers send.
  const heard = own.flatMap((one) => others.map((other) => [one, other] as const));
  const sent = others.flatMap((other) => own.map((one) => [other, one] as const));
  if (how === 'cut off') return [...heard, ...sent];
  return writes ? sent : heard;
}

function findPart(stack: Stack, part: Fault['part'], which: number): Part {
  switch (part) {
    case 'server':
      return choose(stack.servers, which);
    case 'processor':
      return choose(stack.processors, which);
    case 'broker':
      return choose(stack.kafka.brokers, which);
    case 'brokers':
      return {
        kill: async () => void (await Promise.all(stack.kafka.brokers.map((broker) => broker.kill()))),
        start: async () => void (await Promise.all(stack.kafka.brokers.map((broker) => broker.start()))),
      };
    default:
      return stack[part];
  }
}

function choose<One>(of: readonly One[], which: number): One {
  const found = of[which % of.length];
  if (found === undefined) throw new Error('the stack has no such part');
  return found;
}
