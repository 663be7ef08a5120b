import { createRequire } from 'node:module';
import kafkajs, { type CompressionTypes } from 'kafkajs';
import { checkTimeoutsWhenDue } from './check-timeouts-when-due.ts';
import { endSilentConnections } from './end-silent-connections.ts';

interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
  scheduleCheckPendingRequests(): void;
}

let mended: Promise<CompressionTypes> | null = null;

/**
 * Mends kafkajs in this process, once: an idle connection of 2.2.4 looks every millisecond for requests that wait (kafkajs#1556, #1704),
 * and any ten times a second for late answers (`checkTimeoutsWhenDue`); one that no longer answers is kept (`endSilentConnections`), and LZ4 comes without a codec. Gives the compression to send with: LZ4, or gzip where LZ4's binary does not load here.
 */
export function mendKafkajs(): Promise<CompressionTypes> {
  mended ??= (async () => {
    stopIdleLoop();
    checkTimeoutsWhenDue();
    endSilentConnections();
    return (await addLz4()) ? kafkajs.CompressionTypes.LZ4 : kafkajs.CompressionTypes.GZIP;
  })();
  return mended;
}

function stopIdleLoop(): void {
  // Of 2.2.4, pinned: its manifest hides no file, and this one holds the class of all its connections' queues.
  const RequestQueue: { prototype: RequestQueue } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue');
  const schedule = RequestQueue.prototype.scheduleCheckPendingRequests;
  RequestQueue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    // Nothing waits: the next request looks again by itself.
    if (this.pending.length > 0) schedule.call(this);
  };
}

async function addLz4(): Promise<boolean> {
  const lz4 = await import('lz4-napi').catch(() => null);
  if (lz4 === null) return false;
  kafkajs.CompressionCodecs[kafkajs.CompressionTypes.LZ4] = () => ({
    compress: (encoder: { readonly buffer: Buffer }) => lz4.compressFrame(encoder.buffer),
    decompress: (bytes: Buffer) => lz4.decompressFrame(bytes),
  });
  return true;
}
