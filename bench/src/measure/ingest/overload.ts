import type { OfferPlan, OfferResult } from '../../load/offer.ts';
import { openGenerator } from '../../load/open-generator.ts';
import { readProcessCost, resetPeak } from '../../processes/process-cost.ts';
import { openStandalone, type Standalone } from '../../processes/standalone.ts';
import type { Section } from '../../report/section.ts';
import { toFixed, toMib } from '../../report/spread.ts';
import type { Measurement } from '../measurement.ts';

/** As many as ingest is measured with: what the server takes of them is its peak. */
const peakConnections = 64;
/** Enough that a request finds an idle one while answers take a third of a second. */
const overConnections = 3_000;
const times = 3;
const eventsPerRequests = [1, 10, 50];

interface Overload {
  readonly eventsPerRequest: number;
  readonly peak: OfferResult;
  readonly over: OfferResult;
  readonly peakBytes: number;
  readonly overBytes: number;
}

/**
 * What is still taken of three times the load that can be taken, and how fast the rest is refused. The load comes at its
 * own rate, from requests that do not wait for each other's answers.
 */
export const measureOverload: Measurement = async (effort, say) => {
  const generator = openGenerator();
  const standalone = await openStandalone();
  const seconds = effort.sustainSeconds / 4;
  const cases: Overload[] = [];
  let accepted = 0;
  try {
    for (const eventsPerRequest of eventsPerRequests) {
      const offer = async (plan: Pick<OfferPlan, 'requestsPerSecond' | 'seconds'>, connections: number) => {
        resetPeak(standalone.pid);
        const result = await generator.offer({
          ...plan,
          aim: { url: toUrl(standalone, eventsPerRequest), apiKey: standalone.apiKey, connections },
          bodies: { requests: 2_000, eventsPerRequest, isGzip: false, form: 'own' },
        });
        if (result.failures > 0) throw new Error(`${result.failures} requests were neither taken nor refused.`);
        accepted += (result.sent - result.refused) * eventsPerRequest;
        const bytes = readProcessCost(standalone.pid).peakBytes;
        await standalone.drain();
        return { result, bytes };
      };
      await offer({ requestsPerSecond: null, seconds: effort.secondsPerRound }, peakConnections);
      const peak = await offer({ requestsPerSecond: null, seconds }, peakConnections);
      const over = await offer({ requestsPerSecond: times * toGoodput(peak.result), seconds }, overConnections);
      const one = {
        eventsPerRequest,
        peak: peak.result,
        over: over.result,
        peakBytes: peak.bytes,
        overBytes: over.bytes,
      };
      say(
        `${eventsPerRequest} events a request: ${toFixed(toRatio(one), 2)} of the peak of ${toFixed(toGoodput(one.peak))} requests/s`,
      );
      cases.push(one);
    }
    const rows = await standalone.countRows();
    if (rows !== accepted) throw new Error(`${accepted} events got a 202, but the store holds ${rows} rows.`);
    return [toSection(cases, seconds, accepted)];
  } finally {
    await Promise.all([generator.close(), standalone.close()]);
  }
};

function toUrl({ url }: Standalone, eventsPerRequest: number): string {
  return `${url}/api/v1/events${eventsPerRequest === 1 ? '' : '/batch'}`;
}

/** Requests a second that were answered 202 in the time of the load. */
function toGoodput({ accepted, seconds }: OfferResult): number {
  return accepted / seconds;
}

function toRatio({ peak, over }: Overload): number {
  return toGoodput(over) / toGoodput(peak);
}

function toSection(cases: readonly Overload[], seconds: number, accepted: number): Section {
  return {
    title: 'Three times the load that it can take',
    words:
      `Plain requests: ${seconds} s over ${peakConnections} connections, each its next request on its last answer, which finds the peak; then ` +
      `${seconds} s of ${times} times that rate, over ${toFixed(overConnections)} connections, whatever is answered. Generator and server share the ` +
      'cores, so that the load itself takes from what the server has at its peak. Latencies are from the sending of a request to its answer. ' +
      '"Not sent" were due while all connections waited for answers: the load that was asked for and did not come. "Early" were sent within a second of ' +
      'a refusal on the same connection, against its `Retry-After`, and are refused a second later; the other refusals are at once. ' +
      `Afterwards the store held exactly the ${toFixed(accepted)} events that were accepted.`,
    header: [
      'events a request',
      'peak requests/s',
      'offered/s',
      'not sent/s',
      'taken/s',
      'ratio',
      'taken p50 / p99, ms',
      'refused/s',
      'refused p50 / p99, ms',
      'early/s',
      'early p50 / p99, ms',
      'peak of memory, MiB',
      'at 3 times, MiB',
    ],
    rows: cases.map((one) => [
      String(one.eventsPerRequest),
      toFixed(toGoodput(one.peak)),
      toFixed((one.over.sent + one.over.unsent) / one.over.seconds),
      toFixed(one.over.unsent / one.over.seconds),
      toFixed(toGoodput(one.over)),
      toFixed(toRatio(one), 2),
      `${toFixed(one.over.acceptedP50)} / ${toFixed(one.over.acceptedP99)}`,
      toFixed((one.over.refused - one.over.early) / one.over.seconds),
      `${toFixed(one.over.refusedP50, 1)} / ${toFixed(one.over.refusedP99, 1)}`,
      toFixed(one.over.early / one.over.seconds),
      `${toFixed(one.over.earlyP50, 1)} / ${toFixed(one.over.earlyP99, 1)}`,
      toMib(one.peakBytes),
      toMib(one.overBytes),
    ]),
    targets: cases.map((one) => ({
      what: `goodput at 3 times the load, of the peak, ${one.eventsPerRequest} a request`,
      atLeast: '0.90',
      measured: toFixed(toRatio(one), 2),
      isMet: toRatio(one) >= 0.9,
    })),
  };
}
