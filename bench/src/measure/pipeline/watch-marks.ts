import { setTimeout as wait } from 'node:timers/promises';

/** A server that takes events and answers questions. */
export interface MarkTarget {
  readonly url: string;
  readonly apiKey: string;
  ask(question: object): Promise<unknown[][]>;
}

/** Between two events, in ms. */
export const markEveryMs = 100;
/** Between two looks whether they are there, in ms. */
export const askEveryMs = 25;
const timeoutMs = 20_000;

/** Sends `count` events, one after another at their times; gives after how many ms from its 202 each was visible. */
export async function watchMarks(target: MarkTarget, count: number, event: string): Promise<number[]> {
  const acceptedAt = new Map<string, number>();
  const times: number[] = [];
  const startedAt = performance.now();

  async function mark(): Promise<void> {
    for (let marked = 0; marked < count; marked += 1) {
      await wait(startedAt + marked * markEveryMs - performance.now());
      const answer = await fetch(`${target.url}/api/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${target.apiKey}`, 'content-type': 'application/json' },
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
      for (const row of await target.ask({ question: 'events', event, limit: 100 })) {
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
