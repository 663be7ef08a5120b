import type { DeadLetter } from '@px-platform/schemas';
import { questionSchema } from '@px-platform/schemas';
import { beforeAll, describe, expect, it } from 'vitest';
import { createClickHouseEventReader } from '../src/clickhouse-event-reader.ts';
import { defaultQueryBudget } from '../src/queries/budget.ts';
import type { TestStore } from './open-test-store.ts';
import { storeEvents } from './store-events.ts';

const range = { from: '2026-05-01T00:00:00Z', to: '2026-05-02T00:00:00Z' };

/** Budgets, dead letters, and whether the engine is there. */
export function describeTrouble(open: () => Promise<TestStore>): void {
  let test: TestStore;
  beforeAll(async () => {
    test = await open();
  });

  describe('a question over its budget', () => {
    const question = questionSchema.parse({ question: 'breakdown', ...range, by: 'path' });

    it('is refused, and the next one is answered', async () => {
      await storeEvents(test.store, { projectId: 'prj_budget', partition: 190 }, [{}, {}, {}]);
      for (const own of [{ maxRowsRead: 1 }, { maxMemoryBytes: 1_000 }]) {
        const poor = createClickHouseEventReader(test.engine, { ...defaultQueryBudget, ...own });
        await expect(poor.ask('prj_budget', question)).rejects.toMatchObject({ code: 'query_over_budget' });
      }
      const rich = createClickHouseEventReader(test.engine);
      expect((await rich.ask('prj_budget', question)).rows).toEqual([['/beans', 3, 1, 1]]);
    });

    it('ends an export that no slice makes small enough', async () => {
      const poor = createClickHouseEventReader(test.engine, { ...defaultQueryBudget, maxRowsRead: 1 });
      const pages = poor.exportRows('prj_budget', { from: Date.parse(range.from), to: Date.parse(range.to) });
      await expect(pages[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'query_over_budget' });
    });
  });

  describe('dead letters', () => {
    const letter = (offset: number, own: Partial<DeadLetter>): DeadLetter => ({
      reason: 'stage_failed',
      stage: 'geo',
      message: "it's broken \\",
      project_id: 'prj_dead',
      log: 'log-dead',
      partition: 3,
      offset,
      index: 0,
      // Letters are kept for 90 days of the engine's own clock.
      received_at: Date.UTC(2100, 0, 1),
      payload: Buffer.from('original bytes \u0000').toString('base64'),
      ...own,
    });

    it('are listed newest first, by project or all', async () => {
      await test.store.addDeadLetters([]);
      await test.store.addDeadLetters([letter(1, {}), letter(2, { index: -1, reason: 'undecodable_record' })]);
      await test.store.addDeadLetters([letter(0, {}), letter(4, { project_id: 'prj_dead_other' })]);
      const own = await test.reader.deadLetters('prj_dead', 10);
      expect(own.map((one) => one.offset)).toEqual([0, 2, 1]);
      expect(own[1]).toEqual(letter(2, { index: -1, reason: 'undecodable_record' }));
      expect(await test.reader.deadLetters('prj_dead', 1)).toHaveLength(1);
      expect(await test.reader.deadLetters('prj_nobody', 10)).toEqual([]);
      const all = await test.reader.deadLetters(null, 10);
      expect(all.map((one) => one.project_id)).toContain('prj_dead_other');
    });

    it('are listed once where they are given again', async () => {
      const again = letter(1, { project_id: 'prj_dead_twice', partition: 4 });
      await test.store.addDeadLetters([again]);
      await test.store.addDeadLetters([again, letter(2, { project_id: 'prj_dead_twice', partition: 4 })]);
      expect(await test.reader.deadLetters('prj_dead_twice', 10)).toHaveLength(2);
    });
  });

  describe('a row that the table refuses', () => {
    const tooDeep = JSON.parse(`${'{"a":'.repeat(1_500)}1${'}'.repeat(1_500)}`);

    it.each([
      ['its id', { event_id: 'no-uuid' }],
      ['its properties', { properties: tooDeep }],
    ])('for %s is told from an engine that is away, and leaves no row behind', async (name, own) => {
      const batch = { projectId: `prj_refused ${name}`, partition: 191 };
      const storing = storeEvents(test.store, batch, [{}, own, {}]);
      await expect(storing).rejects.toMatchObject({ code: 'store_refused_rows' });
      expect((await test.store.heldOf({ logId: 'log-reader', partition: 191, fromOffset: 0 })).size).toBe(0);
    });
  });

  it('says that it is there', async () => {
    await expect(test.reader.ping()).resolves.toBeUndefined();
  });
}
