import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { EngineName } from './engines/engine.ts';
import type { PlayResult } from './play-scenario.ts';

/** A play that is over. */
export interface PlayedOnce {
  readonly scenario: string;
  readonly engine: EngineName;
  readonly result: PlayResult;
}

/** What has been played, kept on disk: a long run that was cut short goes on where it stood. */
export interface Journal {
  /** What earlier runs have written, oldest first. */
  readonly earlier: readonly PlayedOnce[];
  append(play: PlayedOnce): void;
}

/** Opens the journal at a path, whose folder is made where it is missing. A line cut short by a power cut is left out. */
export function openJournal(path: string): Journal {
  mkdirSync(dirname(path), { recursive: true });
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const lines = text.split('\n').slice(0, -1);
  return {
    earlier: lines.map((line) => JSON.parse(line) as PlayedOnce),
    append: (play) => appendFileSync(path, `${JSON.stringify(play)}\n`),
  };
}
