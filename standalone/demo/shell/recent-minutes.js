const minuteMs = 60_000;

/** How many minutes the chart shows, the running one included. */
export const shownMinutes = 30;

/**
 * Counts events per minute over the last `shownMinutes`: an answer of the store, and on top what came
 * since that answer was asked for.
 */
export function createRecentMinutes() {
  /** @type {Map<number, number>} */
  let stored = new Map();
  /** @type {{ at: number, minute: number }[]} */
  let since = [];

  return {
    /** @param {number} eventAt epoch ms @param {number} now epoch ms */
    add(eventAt, now) {
      since.push({ at: now, minute: toMinute(eventAt) });
    },
    /** @param {{ at: number, count: number }[]} answer instants in epoch ms @param {number} askedAt epoch ms */
    replace(answer, askedAt) {
      stored = new Map(answer.map(({ at, count }) => [toMinute(at), count]));
      since = since.filter(({ at }) => at >= askedAt);
    },
    /** @param {number} now epoch ms @returns {{ at: number, count: number }[]} oldest first, one per minute */
    list(now) {
      const first = toMinute(now) - (shownMinutes - 1) * minuteMs;
      return Array.from({ length: shownMinutes }, (_, index) => {
        const at = first + index * minuteMs;
        return {
          at,
          count: (stored.get(at) ?? 0) + since.filter(({ minute }) => minute === at).length,
        };
      });
    },
  };
}

/** @param {number} at epoch ms @returns {number} where its minute begins */
export function toMinute(at) {
  return Math.floor(at / minuteMs) * minuteMs;
}
