import type { StoredRow } from '@px-platform/store';
import type { Response } from 'express';
import type { LiveListener } from './live-feed.ts';

const heartbeatMs = 15_000;
/** Bytes that may wait for a slow client before it is passed over. */
const maxWaitingBytes = 256 * 1024;
/** A client that has taken nothing for this many heartbeats is gone, whatever its connection says. */
const maxMissedHeartbeats = 4;
/** What the browser waits before it connects again. */
const retryMs = 2_000;

/** One client's stream of server-sent events. */
export interface EventStream extends LiveListener {
  /** Sends the head and begins the heartbeat. */
  start(): void;
  /** Ends the answer; the client may connect again. */
  end(): void;
}

/**
 * Writes rows as server-sent events, one event a row; the last of each delivery bears the cursor as its
 * id. A comment every 15 s keeps proxies from cutting the line. Source: https://html.spec.whatwg.org/#server-sent-events
 */
export function createEventStream(res: Response): EventStream {
  let missed = 0;

  function isReady(): boolean {
    return res.writableLength < maxWaitingBytes;
  }
  function beat(): void {
    if (isReady()) {
      missed = 0;
      res.write(': here\n\n');
    } else if (++missed >= maxMissedHeartbeats) {
      res.destroy();
    }
  }

  return {
    isReady,
    start() {
      res.writeHead(200, {
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store',
        // nginx holds answers back unless it is told not to.
        'X-Accel-Buffering': 'no',
      });
      res.write(`retry: ${retryMs}\n\n`);
      const heartbeat = setInterval(beat, heartbeatMs);
      res.once('close', () => clearInterval(heartbeat));
    },
    onRows(rows, cursor) {
      const last = rows.length - 1;
      res.write(rows.map((row, index) => toMessage(row, index === last ? cursor : null)).join(''));
    },
    end() {
      if (!res.writableEnded) res.end();
    },
  };
}

function toMessage(row: StoredRow, cursor: string | null): string {
  return `${cursor === null ? '' : `id: ${cursor}\n`}data: ${JSON.stringify(row)}\n\n`;
}
