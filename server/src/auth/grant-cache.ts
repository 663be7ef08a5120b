import { type ControlStore, type KeyGrant, toSecretSha256 } from '@px-platform/control';
import type { Clock } from '@px-platform/runtime';

/** A revocation must hold within 5 s, so what a look-up gave is kept for less. */
const defaultTtlMs = 4_000;
const defaultMaxEntries = 10_000;

interface Entry {
  readonly grant: KeyGrant | null;
  /** Epoch ms at which the look-up began. */
  readonly askedAt: number;
}

/** Gives grants by secret. What is known comes at once, without a promise; null is an unknown key. */
export interface GrantCache {
  find(secret: string): KeyGrant | null | Promise<KeyGrant | null>;
}

/**
 * Keeps look-ups for `ttlMs` (default 4 s), by the secret's text, so that a hit hashes nothing. Known
 * and unknown keys have `maxEntries` places each (default 10,000), oldest out, so that made-up keys
 * drive out no real one. Look-ups of one key at once are one. Throws `control_unavailable`.
 */
export function createGrantCache(options: {
  readonly control: Pick<ControlStore, 'findGrant'>;
  readonly clock: Clock;
  readonly ttlMs?: number;
  readonly maxEntries?: number;
}): GrantCache {
  const { control, clock, ttlMs = defaultTtlMs, maxEntries = defaultMaxEntries } = options;
  const known = new Map<string, Entry>();
  const unknown = new Map<string, Entry>();
  const pending = new Map<string, Promise<KeyGrant | null>>();

  async function lookUp(secret: string): Promise<KeyGrant | null> {
    const askedAt = clock();
    try {
      const grant = await control.findGrant(toSecretSha256(secret));
      known.delete(secret);
      unknown.delete(secret);
      keep(grant === null ? unknown : known, toOwnText(secret), { grant, askedAt }, maxEntries);
      return grant;
    } finally {
      pending.delete(secret);
    }
  }

  return {
    find(secret) {
      const entry = known.get(secret) ?? unknown.get(secret);
      if (entry !== undefined && isFresh(entry, clock(), ttlMs)) return entry.grant;
      const running = pending.get(secret);
      if (running !== undefined) return running;
      const started = lookUp(secret);
      pending.set(secret, started);
      return started;
    },
  };
}

/** An entry from the future (the clock was set back) is not fresh: it would stay for too long. */
function isFresh(entry: Entry, now: number, ttlMs: number): boolean {
  return now >= entry.askedAt && now - entry.askedAt < ttlMs;
}

/** A copy: a text cut out of a URL keeps the whole URL in memory (V8's sliced strings). */
function toOwnText(secret: string): string {
  return Buffer.from(secret).toString();
}

function keep(entries: Map<string, Entry>, secret: string, entry: Entry, maxEntries: number): void {
  entries.set(secret, entry);
  if (entries.size <= maxEntries) return;
  const oldest = entries.keys().next();
  if (!oldest.done) entries.delete(oldest.value);
}
