import { createHash } from 'node:crypto';

/**
 * Ids received lately, each with its instant: at most `maxIds`, oldest out. Typed arrays hold 128 bits
 * and an instant per id (28 bytes at 5 million ids: about 150 MB, touched only as it fills), where a Set of
 * strings would take four times as much. Ids of different projects are told apart by 128 bits of
 * the SHA-256 of the project's id; two pairs meet by chance once in 2^128.
 */
export interface IdWindow {
  /** Everything received at this instant (epoch ms) or later is in the window. */
  readonly coveredSince: number;
  /** When the newest was received (epoch ms); `coveredSince` where there is none. */
  readonly newestAt: number;
  readonly size: number;
  has(projectId: string, eventId: string): boolean;
  /** Adds an id received at `at` (epoch ms), and forgets those older than the window; false where it was there. Never throws. */
  add(projectId: string, eventId: string, at: number): boolean;
  /** Forgets an id: that of an event which was not stored after all. Its slot stays until its turn to go comes. */
  forget(projectId: string, eventId: string): void;
}

/** Builds a window over the last `windowMs`; `coveredSince` says from when on it will be filled. */
export function createIdWindow(options: { windowMs: number; maxIds: number; coveredSince: number }): IdWindow {
  const { windowMs, maxIds } = options;
  const bits = new Uint32Array(maxIds * 4);
  const times = new Float64Array(maxIds);
  // Slots are kept plus one, so that 0 says none and a fresh array needs no filling.
  const nexts = new Int32Array(maxIds);
  const bucketCount = 2 ** Math.ceil(Math.log2(maxIds + 1));
  const buckets = new Int32Array(bucketCount);
  const probe = new Uint32Array(4);
  let oldest = 0;
  let size = 0;
  let coveredSince = options.coveredSince;
  let newestAt = Number.NEGATIVE_INFINITY;

  const bucketOf = (a: number, d: number): number => (a ^ Math.imul(d, 0x9e3779b1)) & (bucketCount - 1);
  const at = (array: Uint32Array | Int32Array | Float64Array, index: number): number => array[index] ?? 0;

  /** Gives the slot plus one; 0 where there is none. */
  function find(projectId: string, eventId: string): number {
    writeBits(probe, projectId, eventId);
    let link = at(buckets, bucketOf(at(probe, 0), at(probe, 3)));
    while (link !== 0) {
      const base = (link - 1) * 4;
      if (
        bits[base] === probe[0] &&
        bits[base + 1] === probe[1] &&
        bits[base + 2] === probe[2] &&
        bits[base + 3] === probe[3]
      ) {
        return link;
      }
      link = at(nexts, link - 1);
    }
    return 0;
  }

  /** Takes a slot out of its bucket, so that it is found no more. */
  function unlink(slot: number): void {
    const base = slot * 4;
    const bucket = bucketOf(at(bits, base), at(bits, base + 3));
    let link = at(buckets, bucket);
    if (link === slot + 1) {
      buckets[bucket] = at(nexts, slot);
    } else {
      while (at(nexts, link - 1) !== slot + 1) link = at(nexts, link - 1);
      nexts[link - 1] = at(nexts, slot);
    }
  }

  function dropOldest(): void {
    if (at(nexts, oldest) !== unlinked) unlink(oldest);
    coveredSince = Math.max(coveredSince, at(times, oldest) + 1);
    oldest = (oldest + 1) % maxIds;
    size -= 1;
  }

  return {
    get coveredSince() {
      return coveredSince;
    },
    get newestAt() {
      return Math.max(newestAt, coveredSince);
    },
    get size() {
      return size;
    },
    has: (projectId, eventId) => find(projectId, eventId) !== 0,
    add(projectId, eventId, receivedAt) {
      newestAt = Math.max(newestAt, receivedAt);
      while (size > 0 && at(times, oldest) < newestAt - windowMs) dropOldest();
      if (find(projectId, eventId) !== 0) return false;
      if (size === maxIds) dropOldest();
      const slot = (oldest + size) % maxIds;
      bits.set(probe, slot * 4);
      times[slot] = receivedAt;
      const bucket = bucketOf(at(probe, 0), at(probe, 3));
      nexts[slot] = at(buckets, bucket);
      buckets[bucket] = slot + 1;
      size += 1;
      return true;
    },
    forget(projectId, eventId) {
      const link = find(projectId, eventId);
      if (link === 0) return;
      unlink(link - 1);
      nexts[link - 1] = unlinked;
    },
  };
}

/** Stands in `nexts` for a slot that was forgotten. */
const unlinked = -1;

const maxProjectsKept = 100_000;
const projectBits = new Map<string, Uint32Array>();

/** Where the digits of a UUID's four words stand in its text. */
const digitPlaces = [
  [0, 1, 2, 3, 4, 5, 6, 7],
  [9, 10, 11, 12, 14, 15, 16, 17],
  [19, 20, 21, 22, 24, 25, 26, 27],
  [28, 29, 30, 31, 32, 33, 34, 35],
].map((places) => Uint8Array.from(places));
const digits = Uint8Array.from({ length: 128 }, (_, code) => Number.parseInt(String.fromCharCode(code), 16) || 0);

/** Writes the UUID's 128 bits, mixed with the project's. Digit by digit: pieces of the text would each be a string of their own. */
function writeBits(into: Uint32Array, projectId: string, eventId: string): void {
  const project = projectBits.get(projectId) ?? toProjectBits(projectId);
  for (let word = 0; word < 4; word += 1) {
    let bits = 0;
    for (const place of digitPlaces[word] ?? []) bits = (bits << 4) | (digits[eventId.charCodeAt(place) & 127] ?? 0);
    into[word] = bits ^ (project[word] ?? 0);
  }
}

function toProjectBits(projectId: string): Uint32Array {
  const digest = createHash('sha256').update(projectId).digest();
  const mixed = Uint32Array.from([0, 4, 8, 12], (at) => digest.readUInt32LE(at));
  if (projectBits.size < maxProjectsKept) projectBits.set(projectId, mixed);
  return mixed;
}
