import { encodeBody } from './encode-body.ts';
import type { Clock } from './ports.ts';
import type { Batch } from './transport.ts';

/** While the page goes, plain text up to here is quicker than gzip on a cold main thread. */
const gzipFromBytes = 16_000;

/** Hands a batch to the browser, which sends it after the page is gone. */
export interface Beacon {
  /** Gives the bytes handed over, or null where the browser would not take them. Never throws. */
  hand(batch: Batch): number | null;
}

/** Builds the beacon over `navigator.sendBeacon`. What it takes may still be lost: only an answer to a request counts as sent. */
export function createBeacon(options: {
  sendBeacon: ((url: string, body: Blob) => boolean) | undefined;
  url: string;
  clock: Clock;
}): Beacon {
  return {
    hand: (batch) => {
      try {
        const body = new Blob([encodeBody(batch, options.clock, gzipFromBytes)], { type: 'text/plain;charset=UTF-8' });
        return options.sendBeacon?.(options.url, body) ? body.size : null;
      } catch {
        return null;
      }
    },
  };
}
