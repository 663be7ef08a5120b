import { createHash } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Tally, tallySchema } from './tally.ts';

const checkpointSchema = z.object({ lines: z.int().min(0), tally: tallySchema });

/** How far a replay of files came: lines that the server has answered for, over all files, and what became of them. */
export interface Checkpoint {
  readonly lines: number;
  readonly tally: Tally;
}

/** Where it is kept. */
export interface CheckpointFile {
  readonly path: string;
  /** Null where there is none, or none that can be read. */
  read(): Checkpoint | null;
  /** Replaces the file as a whole. Throws what the file system throws. */
  write(checkpoint: Checkpoint): void;
  remove(): void;
}

/** Keeps it in a file of `folder` that is named by what is replayed: another project, time, file or size of one is another replay. */
export function openCheckpoint(folder: string, identity: object): CheckpointFile {
  const name = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 16);
  const path = join(folder, `.px-replay-${name}.json`);
  return {
    path,
    read() {
      try {
        const parsed = checkpointSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
        return parsed.success ? parsed.data : null;
      } catch {
        return null;
      }
    },
    write(checkpoint) {
      writeFileSync(`${path}.tmp`, JSON.stringify(checkpoint));
      renameSync(`${path}.tmp`, path);
    },
    remove: () => rmSync(path, { force: true }),
  };
}
