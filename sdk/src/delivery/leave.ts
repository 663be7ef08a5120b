import { agrees } from '../person/consent.ts';
import { writeStore } from '../person/store.ts';
import { toBody } from './body.ts';
import { gzip } from './load-gzip.ts';
import { isSilent, maxQuotaBytes, most, notBefore, post, quota } from './post.ts';
import { take } from './queue.ts';

/** While the page goes, plain text up to here is quicker than gzip on a cold main thread (docs/adr/0009). */
const gzipFromBytes = 16_000;
/** A gzipped exit body may hold this much JSON; the server inflates up to 2 MiB. */
const maxJsonLength = 500_000;

/**
 * Sends all that waits before it returns, as far as the quota of requests that outlive a page goes: a hidden page may
 * never run again. Where no answer is heard, it stays in the queue for the next page. A body too large is tried in halves.
 */
export function sendNow(): void {
  writeStore();
  for (let size = most; size && !isSilent && agrees('analytics') && performance.now() >= notBefore; ) {
    const left = maxQuotaBytes - quota;
    const entries = take(size, gzip ? maxJsonLength : left);
    if (!entries[0]) return;
    let body = toBody(entries);
    if (body.length > gzipFromBytes) body = gzip?.(body) ?? body;
    size = most;
    if (body.length <= left) post(body, entries);
    else size = entries.length >> 1;
  }
}
