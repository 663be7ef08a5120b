import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answers } from '../test/analyst/answers.ts';
import { makeSeed, type Seed } from '../test/analyst/seed.ts';
import { openEmbeddedTestStore, type TestStore } from '../test/open-test-store.ts';
import { historyProject } from '../test/questions/history.ts';

const document = readFileSync(new URL('../../../docs/data-model.md', import.meta.url), 'utf8');
const queries = [...document.matchAll(/^\*\*([^*]+)\.\*\*(?:(?!```)[\s\S])*```sql\n([\s\S]*?)```/gm)].map(
  ([, title = '', sql = '']) => ({ title, sql }),
);

describe('what an analyst types, as docs/data-model.md has it', () => {
  let test: TestStore;
  let seed: Seed;
  beforeAll(async () => {
    test = await openEmbeddedTestStore();
    seed = makeSeed();
    // Copies stand until a merge, as they would for a while.
    await test.engine.run({ sql: 'SYSTEM STOP MERGES events', params: {} });
    for (const [partition, rows] of [seed.rows, seed.copies].entries()) {
      const lastOffset = Math.max(...rows.map((row) => row._offset));
      const placed = rows.map((row) => ({ ...row, _partition: partition }));
      await test.store.insert({ logId: 'log-history', partition, firstOffset: 0, lastOffset, rows: placed });
    }
  });
  afterAll(() => test.store.close());

  it('is twenty queries, each with an answer of its own', () => {
    expect(queries.map(({ title }) => title)).toEqual(Object.keys(answers));
    expect(queries).toHaveLength(20);
  });

  it.each(queries)('$title', async ({ title, sql }) => {
    const asked = sql.replaceAll('prj_…', historyProject);
    const settings = "SETTINGS output_format_json_quote_64bit_integers = 0, date_time_output_format = 'iso'";
    const { rows } = await test.engine.ask({ sql: `${asked}\n${settings}`, params: {} });
    expect(rows.length).toBeGreaterThan(0);
    expect(rows).toEqual(answers[title]?.(seed.rows));
  });
});
