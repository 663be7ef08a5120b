import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { describeLogConformance } from '../test/describe-log-conformance.ts';
import { openLmdbLog } from './lmdb.ts';

const folder = mkdtempSync(join(tmpdir(), 'px-log-'));
afterAll(() => rmSync(folder, { recursive: true }));
describeLogConformance('the LMDB log', ({ place, ...settings }) =>
  openLmdbLog({ ...settings, path: join(folder, place, 'log.mdb'), minFreeBytes: 0 }),
);
