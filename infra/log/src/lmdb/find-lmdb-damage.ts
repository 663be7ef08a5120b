import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { HEADER_BYTES, META, type ReadAt, readSnapshot, readWide, type Snapshot } from './read-snapshot.ts';

// As in read-snapshot.ts: MDB_node, MDB_ovpage.
const NODE_HEADER_BYTES = 8;
// All bits set; a page number is read as a double, which rounds it up.
const NO_PAGE = 2 ** 64;
const BRANCH = 0x01;
const LEAF = 0x02;
const OVERFLOW = 0x04;
const BIG_DATA = 0x01;
const BIG_DATA_BYTES = 24;

/**
 * Says what is wrong with the structure of an LMDB file, or null: both meta pages, then each page
 * that can be reached, its bounds and its kind. What records hold is not looked at. Costs a read per
 * page in use. Throws the file system's error when the file cannot be read.
 */
export function findLmdbDamage(path: string): string | null {
  const file = openSync(path, 'r');
  try {
    const memory = Buffer.alloc(65_536);
    const readAt: ReadAt = (offset, length) => memory.subarray(0, readSync(file, memory, 0, length, offset));
    const snapshot = readSnapshot(readAt);
    if (typeof snapshot === 'string') return snapshot;
    return findTreeDamage(snapshot, fstatSync(file).size, readAt);
  } finally {
    closeSync(file);
  }
}

function findTreeDamage({ txnId, pageBytes, roots }: Snapshot, fileBytes: number, readAt: ReadAt): string | null {
  const pages = Math.floor(fileBytes / pageBytes);
  const seen = new Uint8Array(pages);
  const waiting = roots.filter((root) => root !== NO_PAGE);
  for (let page = waiting.pop(); page !== undefined; page = waiting.pop()) {
    if (page >= pages) return `page ${page} lies behind its end, it has been cut off`;
    if (seen[page] === 1) return `page ${page} is reached twice`;
    seen[page] = 1;
    const bytes = readAt(page * pageBytes, pageBytes);
    const links = readLinks(page, bytes);
    // A page from the future would pass for one that the next transaction has copied already.
    if (links === null || readWide(bytes, 8) > txnId) return `page ${page} is damaged`;
    waiting.push(...links.children);
    for (const run of links.overflows) {
      if (run.start + run.pages > pages) return `page ${run.start} lies behind its end, it has been cut off`;
      const head = readAt(run.start * pageBytes, HEADER_BYTES);
      const isWhole = run.bytes + HEADER_BYTES <= run.pages * pageBytes && head.readUInt32LE(20) === run.pages;
      const isItself = readWide(head, 0) === run.start && (head.readUInt16LE(18) & OVERFLOW) !== 0;
      if (!isWhole || !isItself || Math.max(run.txnId, readWide(head, 8)) > txnId) {
        return `page ${run.start} is damaged`;
      }
    }
  }
  return null;
}

interface Links {
  readonly children: number[];
  readonly overflows: Run[];
}

/** Pages in a row that hold one large value, as a leaf tells of them. */
interface Run {
  readonly start: number;
  readonly txnId: number;
  readonly pages: number;
  readonly bytes: number;
}

function readLinks(number: number, page: Buffer): Links | null {
  const kind = page.readUInt16LE(18) & (BRANCH | LEAF | OVERFLOW | META);
  const lower = page.readUInt16LE(20);
  const upper = page.readUInt16LE(22);
  if (readWide(page, 0) !== number || (kind !== BRANCH && kind !== LEAF)) return null;
  if (lower > upper || upper + HEADER_BYTES > page.length) return null;
  const links: Links = { children: [], overflows: [] };
  for (let at = HEADER_BYTES; at < HEADER_BYTES + lower; at += 2) {
    const node = page.readUInt16LE(at) + HEADER_BYTES;
    if (node < HEADER_BYTES + upper || node + NODE_HEADER_BYTES > page.length) return null;
    const low = page.readUInt32LE(node);
    const flags = page.readUInt16LE(node + 4);
    const data = node + NODE_HEADER_BYTES + page.readUInt16LE(node + 6);
    const isBig = kind === LEAF && (flags & BIG_DATA) !== 0;
    if (data + (kind === BRANCH ? 0 : isBig ? BIG_DATA_BYTES : low) > page.length) return null;
    if (kind === BRANCH) links.children.push(flags * 2 ** 32 + low);
    if (!isBig) continue;
    const [start, txnId, pages] = [readWide(page, data), readWide(page, data + 8), readWide(page, data + 16)];
    links.overflows.push({ start, txnId, pages, bytes: low });
  }
  return links;
}
