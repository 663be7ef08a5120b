import type { DeadLetter } from '@px-platform/schemas';
import { expect, it } from 'vitest';
import type { DeadLetterStore } from '../src/dead-letters/dead-letter-store.ts';

const at = Date.UTC(2100, 0, 1);
const always = { from: 0, to: Date.UTC(2200, 0, 1) };
let logs = 0;

/** What every keeper of dead letters does; `add` stores them as the processor does. */
export function describeDeadLetters(
  open: () => Promise<{ store: DeadLetterStore; add: (letters: readonly DeadLetter[]) => Promise<void> }>,
): void {
  /** Letters of a project of the test's own, numbered by their offsets. */
  async function begin(count: number, own: Partial<DeadLetter> = {}) {
    const { store, add } = await open();
    const projectId = `prj_letters_${++logs}`;
    const letters = Array.from({ length: count }, (_, offset): DeadLetter => {
      const place = { project_id: projectId, log: `log-${logs}`, partition: 1, offset, index: 0 };
      const payload = Buffer.from(`bytes ${offset}`).toString('base64');
      return { reason: 'row_refused', stage: 'store', message: 'no', received_at: at, payload, ...place, ...own };
    });
    await add(letters);
    return { store, add, letters, range: { projectId, ...always } };
  }
  const offsets = (letters: readonly DeadLetter[]): number[] => letters.map((letter) => letter.offset);

  it('gives pages without a gap or a double, and says how many are left', async () => {
    const { store, letters, range } = await begin(5);
    const first = await store.page(range, null, 2);
    expect(first.letters).toEqual(letters.slice(0, 2));
    expect(first.left).toBe(3);
    const second = await store.page(range, first.cursor, 2);
    expect([offsets(second.letters), second.left]).toEqual([[2, 3], 1]);
    const third = await store.page(range, second.cursor, 2);
    expect([offsets(third.letters), third.left, third.cursor]).toEqual([[4], 0, null]);
  });

  it('keeps to the project and to the time at which the record came, its end left out', async () => {
    const { store, add, letters, range } = await begin(3);
    await add(letters.map((letter, n) => ({ ...letter, partition: 2, received_at: at + 1_000 + n })));
    expect((await store.page({ ...range, from: at + 1_000, to: at + 1_002 }, null, 10)).letters).toHaveLength(2);
    expect((await store.page({ ...range, projectId: 'prj_nobody' }, null, 10)).letters).toEqual([]);
    const all = (await store.page({ ...range, projectId: null }, null, 10_000)).letters;
    expect(all.filter((letter) => letter.project_id === range.projectId)).toHaveLength(6);
  });

  it('takes letters away, whole and single, and leaves their neighbours', async () => {
    const { store, add, letters, range } = await begin(4);
    const [one] = letters;
    if (one === undefined) throw new Error('none was made');
    const near = [
      { ...one, index: -1 },
      { ...one, reason: 'stage_failed' },
      { ...one, partition: 2 },
    ];
    await add(near);
    await store.remove([one, ...letters.slice(2)]);
    await store.remove([one]);
    await store.remove([]);
    const left = (await store.page(range, null, 10)).letters;
    expect(left).toHaveLength(4);
    expect(left).toEqual(expect.arrayContaining([letters[1], ...near]));
  });

  it('goes on after letters that were taken away, and meets none that came after its first page', async () => {
    const { store, add, letters, range } = await begin(4);
    const first = await store.page(range, null, 2);
    await store.remove(first.letters);
    await add(letters.slice(0, 2).map((letter) => ({ ...letter, offset: letter.offset + 100 })));
    const second = await store.page(range, first.cursor, 10);
    expect([offsets(second.letters), second.cursor]).toEqual([[2, 3], null]);
    expect((await store.page(range, null, 10)).letters).toHaveLength(4);
  });
}
