import { describe, expect, it } from 'vitest';
import type { SaltStore } from '../src/visitor-salts/salt-store.ts';

/** What every SaltStore keeps to; `open` gives an empty one. */
export function describeSaltStore(name: string, open: () => Promise<SaltStore>): void {
  describe(`${name} as a SaltStore`, () => {
    it('makes a salt once a day, and gives the same again', async () => {
      const store = await open();
      const made = ['b', 'a', 'c', 'd'].values();
      const make = (): string => made.next().value ?? 'none left';
      const first = await store.keep(['2026-05-01', '2026-05-02'], make);
      expect([...first.keys()].sort()).toEqual(['2026-05-01', '2026-05-02']);
      expect(new Set(first.values()).size).toBe(2);
      expect(await store.keep(['2026-05-01', '2026-05-02'], make)).toEqual(first);

      const next = await store.keep(['2026-05-02', '2026-05-03'], make);
      expect(next.get('2026-05-02')).toBe(first.get('2026-05-02'));
      expect(next.has('2026-05-01')).toBe(false);

      const back = await store.keep(['2026-05-01', '2026-05-02'], make);
      expect(back.get('2026-05-01')).not.toBe(first.get('2026-05-01'));
    });
  });
}
