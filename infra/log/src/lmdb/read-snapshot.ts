// The layout is that of liblmdb's mdb.c (data version 2, as lmdb 3.5 brings it), little-endian:
// MDB_page_header, MDB_meta, MDB_db.
const MAGIC = 0xbeefc0de;
const DATA_VERSION = 2;

/** Bytes before what a page holds. */
export const HEADER_BYTES = 24;
/** The kind of the first two pages, as flags of a page tell it. */
export const META = 0x08;
const META_BYTES = HEADER_BYTES + 136;

/** What the newer of the two meta pages of an LMDB file names: the last transaction that was committed. */
export interface Snapshot {
  readonly txnId: number;
  readonly pageBytes: number;
  /** The highest page that a transaction took; those after it hold nothing. */
  readonly lastPage: number;
  /** Of the free pages, then of the records; 2^64 where there is none. */
  readonly roots: readonly number[];
}

/** Reads `length` bytes at `offset`; fewer where the file ends. Good until the next call. */
export type ReadAt = (offset: number, length: number) => Buffer;

/** Reads both meta pages; says what is wrong with them where they are damaged. */
export function readSnapshot(readAt: ReadAt): Snapshot | string {
  const first = readMeta(readAt(0, META_BYTES));
  if (typeof first === 'string') return first;
  const second = readMeta(readAt(first.pageBytes, META_BYTES));
  if (typeof second === 'string') return second;
  if (first.pageBytes !== second.pageBytes) return 'its two headers differ in their page size';
  return first.txnId >= second.txnId ? first : second;
}

function readMeta(page: Buffer): Snapshot | string {
  if (page.length < META_BYTES) return 'it ends within its header';
  if ((page.readUInt16LE(18) & META) === 0) return 'it has no LMDB header';
  if (page.readUInt32LE(HEADER_BYTES) !== MAGIC) return 'it has no LMDB header';
  if (page.readUInt32LE(HEADER_BYTES + 4) !== DATA_VERSION) return 'its LMDB data version is not ours';
  const free = HEADER_BYTES + 24;
  const main = free + 48;
  const pageBytes = page.readUInt32LE(free);
  if (pageBytes < 512 || pageBytes > 32_768 || (pageBytes & (pageBytes - 1)) !== 0)
    return 'its page size is impossible';
  return {
    txnId: readWide(page, main + 56),
    pageBytes,
    lastPage: readWide(page, main + 48),
    roots: [readWide(page, free + 40), readWide(page, main + 40)],
  };
}

/** Reads an unsigned number of 64 bits, rounded to a double. */
export function readWide(page: Buffer, at: number): number {
  return page.readUInt32LE(at + 4) * 2 ** 32 + page.readUInt32LE(at);
}
