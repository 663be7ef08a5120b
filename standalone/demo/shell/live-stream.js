/** @typedef {'connecting' | 'live' | 'waiting'} StreamState */

/** The first wait between two attempts; each next one is twice as long, up to the longest. */
const firstWaitMs = 500;
const longestWaitMs = 10_000;

/**
 * Keeps a stream of rows open: reconnects when it breaks, and opens a stream with a new token beside
 * the old one before the old token ends, so that no row falls between. A row may come twice.
 * @param {object} options
 * @param {import('./read-access.js').ReadAccess} options.access
 * @param {() => void} options.onOpen called at each opening: what was stored before is not sent again
 * @param {(row: Record<string, unknown>) => void} options.onRow
 * @param {(state: StreamState) => void} options.onState
 */
export function openLiveStream({ access, onOpen, onRow, onState }) {
  /** @type {EventSource | null} */
  let current = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let failures = 0;

  function retry() {
    onState('waiting');
    schedule(Math.min(firstWaitMs * 2 ** failures, longestWaitMs));
    failures += 1;
  }

  /** @param {number} ms */
  function schedule(ms) {
    clearTimeout(timer);
    timer = setTimeout(connect, ms);
  }

  async function connect() {
    let token;
    try {
      token = await access.token();
    } catch {
      return retry();
    }
    const next = new EventSource(`/api/v1/live?token=${encodeURIComponent(token)}`);
    next.onopen = () => {
      if (current !== next) current?.close();
      current = next;
      failures = 0;
      onState('live');
      onOpen();
      schedule(access.msToRenewal());
    };
    next.onmessage = (message) => onRow(JSON.parse(message.data));
    next.onerror = () => {
      if (next.readyState !== EventSource.CLOSED) return onState('waiting');
      // Refused rather than broken off: the token may have ended while the machine slept.
      access.forget();
      retry();
    };
  }

  onState('connecting');
  connect();
}
