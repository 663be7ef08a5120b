import { createHash } from 'node:crypto';
import type { WireEvent } from '@px-platform/schemas';
import type { PersonHistory } from '../../src/history.ts';

const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;
const batches = 4;
const eventsPerBatch = 50;

/** What a visit is like: shares of a hundred. */
const mix = { offline: 10, stale: 5, server: 5 };

/**
 * Makes visit `number` of a load: 200 events in four batches. Most happen now; of a hundred visits ten waited offline for
 * hours (older than the dedupe window), five for weeks (another month: the insert has several parts), and five are a
 * server's, whose batches speak of five persons (several records a request). Half name their sessions. Every fifth
 * visitor identifies, of a thousand users, and every tenth joins a group. Content and random bits follow from the seed; times
 * count back from `now` (epoch ms), ids are UUIDv7 of them.
 */
export function makeVisit(seed: string, number: number, now: number): PersonHistory {
  const bits = digest(`${seed}:${number}`);
  const personId = `visit-${number}`;
  const share = bits.readUInt16LE(0) % 100;
  const age = ageOf(share, bits.readUInt32LE(2) / 2 ** 32);
  const isServer = share >= 100 - mix.server;
  const isNamed = !isServer && bits.readUInt8(6) % 2 === 0;
  const sessionId = toId(now - age, digest(`${seed}:${number}:session`));
  let at = now - age;
  return {
    personId,
    batches: Array.from({ length: batches }, (_, batch) =>
      Array.from({ length: eventsPerBatch }, (__, index): WireEvent => {
        const own = digest(`${seed}:${number}:${batch}:${index}`);
        // Of what waited offline some pauses end a session; of what happens now the clock moves with the sending.
        at =
          age > 0
            ? at + (own.readUInt8(20) < 4 ? hourMs : own.readUInt16LE(21) / 10)
            : now + batch * eventsPerBatch + index;
        const time = Math.floor(at);
        return {
          ...toEvent(own, number, batch === batches - 1 ? index : -1),
          event_id: toId(time, own),
          timestamp: new Date(time).toISOString(),
          anonymous_id: isServer ? `${personId}-${index % 5}` : personId,
          ...(isNamed ? { session_id: sessionId } : {}),
        };
      }),
    ),
  };
}

function ageOf(share: number, random01: number): number {
  if (share < mix.offline) return 12 * hourMs + random01 * 12 * hourMs;
  if (share < mix.offline + mix.stale) return 35 * dayMs + random01 * 20 * dayMs;
  return 0;
}

/** `last` is the place in the visit's last batch, -1 in the others. */
function toEvent(own: Buffer, visit: number, last: number): WireEvent {
  const step = own.readUInt32LE(16);
  const path = `/p/${own.readUInt8(23) % 50}`;
  const search = visit % 7 === 0 ? `?utm_source=news&utm_campaign=c${visit % 3}` : '';
  const context = { page: { url: `https://shop.example${path}${search}`, path, search, title: `Page ${path}` } };
  if (last === 0 && visit % 5 === 0) {
    const traits = { plan: ['free', 'pro'][step % 2], $set_once: { first_step: step } };
    return { event: 'identify', user_id: `user-${visit % 1_000}`, traits, properties: { step }, context };
  }
  if (last === 1 && visit % 10 === 0) {
    const properties = { step, group_id: `group-${visit % 100}` };
    return { event: 'group', user_id: `user-${visit % 1_000}`, traits: { name: `n${step % 9}` }, properties, context };
  }
  const kind = own.readUInt8(24);
  if (kind < 40) return { event: 'scroll', properties: { step, engaged_ms: own.readUInt16LE(25) }, context };
  return { event: kind < 150 ? 'page_view' : 'click', properties: { step }, context };
}

function toId(time: number, bits: Buffer): string {
  const hex = bits.toString('hex');
  const head = Math.floor(time).toString(16).padStart(12, '0');
  return `${head.slice(0, 8)}-${head.slice(8)}-7${hex.slice(0, 3)}-8${hex.slice(3, 6)}-${hex.slice(6, 18)}`;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
