import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { connectEmbedded } from '../connect-embedded.ts';

const path = mkdtempSync(join(tmpdir(), 'px-allocator-'));
const engine = connectEmbedded(path);
afterAll(async () => {
  await engine.close();
  rmSync(path, { recursive: true, force: true });
});

it('has the embedded engine give back within a second what it has freed', async () => {
  const { rows } = await engine.ask({ sql: 'SELECT * FROM system.jemalloc_stats', params: {} });
  expect(String(rows[0]?.[0])).toContain('opt.dirty_decay_ms: 1000 ');
});
