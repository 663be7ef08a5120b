import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

// The layout is that of liblmdb's mdb.c (data version 2, as lmdb 3.5 brings it), little-endian:
// MDB_page_header, MDB_meta, MDB_db, MDB_node, MDB_ovpage.
const MAGIC = 0xbeefc0de;
const DATA_VERSION = 2;
const HEADER_BYTES = 24;
const META_BYTES = HEADER_BYTES + 136;
const NODE_HEADER_BYTES = 8;
const NO_PAGE = 2n ** 64n - 1n;
const MAX_DEPTH = 32;
const BRANCH = 0x01;
const LEAF = 0x02;
const OVERFLOW = 0x04;
const META = 0x08;
const BIG_DATA = 0x01;

interface Snapshot {
  readonly txnId: bigint;
  readonly pageBytes: number;
  readonly roots: readonly bigint[];
}

/** Reads `length` bytes at `offset`; fewer where the file ends. */
type ReadAt = (offset: number, length: number) => Buffer;

/**
 * Says what is wrong with the structure of an LMDB file, or null: both meta pages, then each page
 * that can be reached, its bounds and its kind. What records hold is not looked at. Costs a read per
 * page in use. Throws the file system's error when the file cannot be read.
 */
export function findLmdbDamage(path: string): string | null {
  const file = openSync(path, 'r');
  try {
    const readAt: ReadAt = (offset, length) => {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
    };
    const snapshot = readSnapshot(readAt);
    if (typeof snapshot === 'string') return snapshot;
    return findTreeDamage(snapshot, fstatSync(file).size, readAt);
  } finally {
    closeSync(file);
  }
}

function readSnapshot(readAt: ReadAt): Snapshot | string {
  const first = readMeta(readAt(0, META_BYTES));
  if (typeof first === 'string') return first;
  const second = readMeta(readAt(first.pageBytes, META_BYTES));
  if (typeof second === 'string') return second;
  if (first.pageBytes !== second.pageBytes) return 'its two headers differ in their page size';
  return first.txnId >= second.txnId ? first : second;
}

function readMeta(page: Buffer): Snapshot | string {
  if (page.length < META_BYTES) return `it ends within its header, ${page.length} bytes`;
  if ((page.readUInt16LE(18) & META) === 0) return 'it has no LMDB header';
  if (page.readUInt32LE(HEADER_BYTES) !== MAGIC) return 'it has no LMDB header';
  if (page.readUInt32LE(HEADER_BYTES + 4) !== DATA_VERSION) return 'its LMDB data version is not ours';
  const free = HEADER_BYTES + 24;
  const main = free + 48;
  const pageBytes = page.readUInt32LE(free);
  if (pageBytes < 512 || pageBytes > 65_536 || (pageBytes & (pageBytes - 1)) !== 0)
    return 'its page size is impossible';
  return {
    txnId: page.readBigUInt64LE(main + 56),
    pageBytes,
    roots: [page.readBigUInt64LE(free + 40), page.readBigUInt64LE(main + 40)],
  };
}

function findTreeDamage({ pageBytes, roots }: Snapshot, fileBytes: number, readAt: ReadAt): string | null {
  const lastPage = BigInt(Math.floor(fileBytes / pageBytes)) - 1n;
  const seen = new Set<bigint>();
  const waiting = roots.filter((root) => root !== NO_PAGE).map((page) => ({ page, depth: 1 }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { page, depth } = next;
    if (page > lastPage) return `page ${page} lies behind its end, it has been cut off`;
    if (seen.has(page) || depth > MAX_DEPTH) return `page ${page} is reached twice`;
    seen.add(page);
    const found = readPage(page, readAt(Number(page) * pageBytes, pageBytes));
    if (typeof found === 'string') return found;
    for (const child of found.children) waiting.push({ page: child, depth: depth + 1 });
    for (const { start, pages, bytes } of found.overflows) {
      if (start + pages - 1n > lastPage) return `page ${start} lies behind its end, it has been cut off`;
      const head = readAt(Number(start) * pageBytes, HEADER_BYTES);
      const isWhole = BigInt(bytes + HEADER_BYTES) <= pages * BigInt(pageBytes) && head.readBigUInt64LE(0) === start;
      if (!isWhole || (head.readUInt16LE(18) & OVERFLOW) === 0) return `page ${start} is damaged`;
    }
  }
  return null;
}

interface PageLinks {
  readonly children: bigint[];
  readonly overflows: { start: bigint; pages: bigint; bytes: number }[];
}

function readPage(number: bigint, page: Buffer): PageLinks | string {
  const damaged = `page ${number} is damaged`;
  const kind = page.readUInt16LE(18) & (BRANCH | LEAF | OVERFLOW | META);
  const lower = page.readUInt16LE(20);
  const upper = page.readUInt16LE(22);
  if (page.readBigUInt64LE(0) !== number || (kind !== BRANCH && kind !== LEAF)) return damaged;
  if (lower > upper || upper + HEADER_BYTES > page.length) return damaged;
  const links: PageLinks = { children: [], overflows: [] };
  for (let at = HEADER_BYTES; at < HEADER_BYTES + lower; at += 2) {
    const node = page.readUInt16LE(at) + HEADER_BYTES;
    if (node < HEADER_BYTES + upper || node + NODE_HEADER_BYTES > page.length) return damaged;
    const low = page.readUInt32LE(node);
    const flags = page.readUInt16LE(node + 4);
    const data = node + NODE_HEADER_BYTES + page.readUInt16LE(node + 6);
    if (kind === BRANCH) {
      if (data > page.length) return damaged;
      links.children.push(BigInt(low) | (BigInt(flags) << 32n));
    } else if ((flags & BIG_DATA) !== 0) {
      if (data + 24 > page.length) return damaged;
      links.overflows.push({ start: page.readBigUInt64LE(data), pages: page.readBigUInt64LE(data + 16), bytes: low });
    } else if (data + low > page.length) return damaged;
  }
  return links;
}
