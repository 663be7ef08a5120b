import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openJournal, type PlayedOnce } from './journal.ts';

const play: PlayedOnce = {
  scenario: 'leave',
  engine: 'webkit',
  result: {
    sent: 1,
    stored: 1,
    lost: [],
    doubled: 0,
    beforeReturn: null,
    extraCopies: 0,
    preflights: 0,
    tookMs: 1,
    complaints: [],
  },
};

it('keeps plays from one opening to the next, but for a line cut short', () => {
  const dir = mkdtempSync(join(tmpdir(), 'px-journal-'));
  const path = join(dir, 'new', 'plays.ndjson');
  const journal = openJournal(path);
  expect(journal.earlier).toEqual([]);
  journal.append(play);
  journal.append({ ...play, engine: 'firefox' });
  appendFileSync(path, '{"scenario":"lea');
  expect(openJournal(path).earlier).toEqual([play, { ...play, engine: 'firefox' }]);
  rmSync(dir, { recursive: true });
});
