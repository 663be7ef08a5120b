import type { LmdbFile } from './open-lmdb-file.ts';

/** Far beyond any sane setting: a larger number in a key is damage. */
const MAX_PARTITIONS = 10_000;

/** Where a partition of the LMDB log stands; what the writer changes after each durable transaction. */
export interface PartitionTail {
  readonly partition: number;
  /** The next position to process. */
  committed: number;
  /** The first position still in the file; at most `committed`. */
  first: number;
  /** The position that the next record gets. */
  next: number;
  /** Stored bytes of each record from `first` to `next`, in order. */
  readonly sizes: number[];
  /** The sum of `sizes`. */
  bytes: number;
}

/** Gives the key under which a record lies. Sorts by partition, then position. */
export function toRecordKey(partition: number, position: number): [number, number] {
  return [partition, position];
}

/** Gives the key under which a partition's committed position lies. Sorts behind every record. */
export function toCommittedKey(partition: number): [string, number] {
  return ['committed', partition];
}

/** Gives the stored form of a committed position. */
export function toCommittedValue(next: number): Buffer {
  const value = Buffer.allocUnsafe(8);
  value.writeDoubleLE(next);
  return value;
}

/**
 * Reads where each partition stands: those below `partitions`, and those that an earlier, larger
 * setting left behind. Walks every record once. Gives what is wrong, as text, where positions are
 * missing. Throws LMDB's error where a page cannot be read.
 */
export function readTails(file: LmdbFile, partitions: number): PartitionTail[] | string {
  const tails: PartitionTail[] = [];
  const of = (partition: number): PartitionTail | undefined => {
    while (tails.length <= partition && tails.length < MAX_PARTITIONS) {
      tails.push({ partition: tails.length, committed: 0, first: 0, next: 0, sizes: [], bytes: 0 });
    }
    return isWhole(partition) ? tails[partition] : undefined;
  };
  of(partitions - 1);
  for (const { key, value } of file.db.getRange()) {
    const [kind, detail] = Array.isArray(key) ? key : [];
    if (kind === 'id') continue;
    const tail = of(Number(kind === 'committed' ? detail : kind));
    if (tail === undefined || !isWhole(detail)) return 'it holds keys that are not those of a log';
    if (kind === 'committed') {
      tail.committed = value.length === 8 ? value.readDoubleLE(0) : Number.NaN;
    } else {
      if (tail.sizes.length === 0) tail.first = tail.next = detail;
      if (detail !== tail.next) return `partition ${tail.partition} lacks position ${tail.next}`;
      tail.next++;
      tail.sizes.push(value.length);
      tail.bytes += value.length;
    }
  }
  for (const tail of tails) {
    if (!isWhole(tail.committed)) return `partition ${tail.partition} has no committed position that can be read`;
    if (tail.sizes.length === 0) tail.first = tail.next = tail.committed;
    if (tail.first > tail.committed) return `partition ${tail.partition} lacks position ${tail.committed}`;
    if (tail.next < tail.committed) return `partition ${tail.partition} lacks position ${tail.next}`;
  }
  return tails;
}

function isWhole(part: unknown): part is number {
  return Number.isSafeInteger(part) && Number(part) >= 0 && Number(part) < 2 ** 48;
}
