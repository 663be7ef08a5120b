import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLastUsed } from './last-used.ts';

describe('createLastUsed', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 0 }));
  afterEach(() => void vi.useRealTimers());

  function start(isDown: () => boolean = () => false) {
    const written: Record<string, number>[] = [];
    const errors: unknown[] = [];
    const lastUsed = createLastUsed({
      control: {
        async touchKeys(uses) {
          if (isDown()) throw new Error('away');
          written.push(Object.fromEntries(uses.map(({ id, at }) => [id, at.getTime()])));
        },
      },
      clock: Date.now,
      onError: (cause) => errors.push(cause),
    });
    return { lastUsed, written, errors };
  }

  it('writes the latest use of each key every 10 s, and nothing where there was none', async () => {
    const { lastUsed, written } = start();
    lastUsed.note('a');
    await vi.advanceTimersByTimeAsync(9_000);
    lastUsed.note('a');
    lastUsed.note('b');
    expect(written).toEqual([]);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(written).toEqual([{ a: 9_000, b: 9_000 }]);
    await lastUsed.close();
    expect(written).toHaveLength(1);
  });

  it('writes what is left at close, and nothing after it', async () => {
    const { lastUsed, written } = start();
    lastUsed.note('a');
    await lastUsed.close();
    lastUsed.note('b');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(written).toEqual([{ a: 0 }]);
  });

  it('keeps the uses of a write that failed for the next one, newer ones over them', async () => {
    let isDown = true;
    const { lastUsed, written, errors } = start(() => isDown);
    lastUsed.note('a');
    lastUsed.note('b');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(errors).toHaveLength(1);
    lastUsed.note('b');
    isDown = false;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(written).toEqual([{ a: 0, b: 10_000 }]);
    await lastUsed.close();
  });
});
