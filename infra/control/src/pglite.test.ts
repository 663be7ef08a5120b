import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { describeControlStore } from '../test/control-conformance.ts';
import { openPgliteControl } from './pglite.ts';

const root = await mkdtemp(join(tmpdir(), 'px-control-'));
let opened = 0;
afterAll(() => rm(root, { recursive: true, force: true }));

describeControlStore('pglite', (clock) => openPgliteControl({ path: join(root, String(++opened)), clock }));
