import { createHash } from 'node:crypto';
import type { WireEvent } from '@px-platform/schemas';

/** The batches of one person, in the order in which the client sends them. */
export interface PersonHistory {
  readonly personId: string;
  readonly batches: readonly (readonly WireEvent[])[];
}

const minuteMs = 60_000;

/**
 * Makes what persons did over the last hours: visits of a few minutes with pauses of 5 to 50 minutes, so that
 * some pauses end a session and some do not. The same seed gives the same history; ids are UUIDv7 of the
 * event's own time.
 */
export function makeHistory(options: {
  seed: string;
  persons: number;
  batchesPerPerson: number;
  eventsPerBatch: number;
  endAt: number;
}): PersonHistory[] {
  const { seed, persons, batchesPerPerson, eventsPerBatch, endAt } = options;
  return Array.from({ length: persons }, (_, person) => {
    const random = createRandom(`${seed}:${person}`);
    let at = endAt - 10 * 60 * minuteMs;
    const batches = Array.from({ length: batchesPerPerson }, () => {
      at += random() < 0.2 ? (5 + random() * 45) * minuteMs : random() * 20_000;
      return Array.from({ length: eventsPerBatch }, (): WireEvent => {
        at += random() * 5_000;
        const time = Math.min(Math.floor(at), endAt);
        return {
          event: random() < 0.5 ? 'page_view' : 'click',
          event_id: toId(time, random),
          timestamp: new Date(time).toISOString(),
          anonymous_id: `person-${person}`,
          properties: { step: Math.floor(random() * 1e6) },
          context: { page: { url: `https://shop.example/p/${Math.floor(random() * 50)}` } },
        };
      });
    });
    return { personId: `person-${person}`, batches };
  });
}

function toId(time: number, random: () => number): string {
  const hex = (length: number): string => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
  const head = time.toString(16).padStart(12, '0');
  return `${head.slice(0, 8)}-${head.slice(8)}-7${hex(3)}-8${hex(3)}-${hex(12)}`;
}

/** Gives 0 <= n < 1, the same row of numbers for the same seed: SHA-256 of seed and count. */
export function createRandom(seed: string): () => number {
  let count = 0;
  return () => {
    count += 1;
    return createHash('sha256').update(`${seed}:${count}`).digest().readUInt32LE(0) / 2 ** 32;
  };
}
