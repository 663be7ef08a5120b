import { setTimeout as wait } from 'node:timers/promises';
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
  const target = findPart(stack, part, which);
  say(`${how} ${part} ${which} for ${Math.round(awayMs)} ms`);
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

function findPart(stack: Stack, part: Fault['part'], which: number): Part {
  const choose = (of: readonly Part[]): Part => {
    const found = of[which % of.length];
    if (found === undefined) throw new Error(`the stack has no ${part}`);
    return found;
  };
  switch (part) {
    case 'server':
      return choose(stack.servers);
    case 'processor':
      return choose(stack.processors);
    case 'broker':
      return choose(stack.kafka.brokers);
    case 'brokers':
      return {
        kill: async () => void (await Promise.all(stack.kafka.brokers.map((broker) => broker.kill()))),
        start: async () => void (await Promise.all(stack.kafka.brokers.map((broker) => broker.start()))),
      };
    default:
      return stack[part];
  }
}
