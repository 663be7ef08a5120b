import { stat } from 'node:fs/promises';

/** Gives a text that changes when a file's content is written, replaced or removed; '' where it can't be seen. Never throws. */
export async function readFileStamp(path: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    return `${mtimeMs}:${size}:${ino}`;
  } catch {
    return '';
  }
}
