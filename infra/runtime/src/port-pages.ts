import type { Ask, Calls } from './port-calls.ts';

/** The calls by which another process or thread reads pages one by one, for `serveCalls`; each name begins with `prefix`. */
export function toPageCalls<What>(prefix: string, open: (what: What) => AsyncIterable<unknown>): Calls {
  const readers = new Map<number, AsyncIterator<unknown>>();
  let opened = 0;
  return {
    [`${prefix}.open`]: async (what: What) => {
      const id = opened++;
      readers.set(id, open(what)[Symbol.asyncIterator]());
      return id;
    },
    [`${prefix}.next`]: async (id: number) => {
      const result = await readers.get(id)?.next();
      return result === undefined || result.done === true ? null : { page: result.value };
    },
    [`${prefix}.close`]: async (id: number) => {
      await readers.get(id)?.return?.();
      readers.delete(id);
    },
  };
}

/** Reads pages that are served by `toPageCalls`, no faster than they are asked for. Throws what reading them throws. */
export async function* askPages<Page>(ask: Ask, prefix: string, what: unknown): AsyncGenerator<Page> {
  const id = await ask<number>(`${prefix}.open`, what);
  try {
    for (;;) {
      const next = await ask<{ page: Page } | null>(`${prefix}.next`, id);
      if (next === null) return;
      yield next.page;
    }
  } finally {
    await ask<void>(`${prefix}.close`, id);
  }
}
