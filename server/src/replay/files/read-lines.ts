import { closeSync, createReadStream, openSync, type ReadStream, readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** A line of a file, null where it is longer than any event, and how many bytes of the file were read by then. */
export interface FileLine {
  readonly text: string | null;
  readonly bytesRead: number;
}

/** An event is 64 KiB at most; its row, with what the pipeline added, is not this long. */
const maxLineBytes = 1024 * 1024;

/**
 * Gives a file's lines that are not blank, in order; gzip is known by its first bytes. Holds one line and one chunk in memory.
 * Throws what the file system or gunzip throws: a file that is cut off gives its lines first.
 */
export async function* readLines(path: string): AsyncGenerator<FileLine> {
  const file = createReadStream(path);
  let rest: Buffer[] = [];
  let restBytes = 0;
  const take = (end: Buffer): string | null => {
    const text =
      restBytes + end.length > maxLineBytes
        ? null
        : Buffer.concat([...rest, end])
            .toString()
            .trim();
    rest = [];
    restBytes = 0;
    return text;
  };
  const chunks: AsyncIterable<Buffer> = inflate(path, file);
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(0x0a); at !== -1; at = chunk.indexOf(0x0a, from)) {
      const text = take(chunk.subarray(from, at));
      if (text !== '') yield { text, bytesRead: file.bytesRead };
      from = at + 1;
    }
    const end = chunk.subarray(from);
    restBytes += end.length;
    // Of a line that is too long, nothing is kept but its length.
    if (restBytes > maxLineBytes) rest = [];
    else if (end.length > 0) rest.push(end);
  }
  const last = take(Buffer.alloc(0));
  if (last !== '') yield { text: last, bytesRead: file.bytesRead };
}

/** What stands in a file, inflated. */
function inflate(path: string, file: ReadStream): Readable {
  if (!isGzip(path)) return file;
  const gunzip = createGunzip();
  file.on('error', (error) => gunzip.destroy(error));
  return file.pipe(gunzip);
}

function isGzip(path: string): boolean {
  const head = Buffer.alloc(2);
  const file = openSync(path, 'r');
  try {
    readSync(file, head, 0, 2, 0);
  } finally {
    closeSync(file);
  }
  return head[0] === 0x1f && head[1] === 0x8b;
}
