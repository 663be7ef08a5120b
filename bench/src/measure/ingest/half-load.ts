import type { OfferResult } from '../../load/offer.ts';
import { openGenerator } from '../../load/open-generator.ts';
import { measureFsync } from '../../processes/measure-fsync.ts';
import { openStandalone } from '../../processes/standalone.ts';
import type { Section } from '../../report/section.ts';
import { toFixed, toMedian } from '../../report/spread.ts';
import type { Measurement } from '../measurement.ts';

const connections = 64;
const eventsPerRequests = [1, 20];
const demandedMs = 15;

interface HalfLoad {
  readonly eventsPerRequest: number;
  readonly peakPerSecond: number;
  readonly rounds: readonly OfferResult[];
}

/** How long answers take at half of what the server can take, the requests coming at their own rate. */
export const measureHalfLoad: Measurement = async (effort, say) => {
  const generator = openGenerator();
  const standalone = await openStandalone();
  const seconds = effort.secondsPerRound * 2;
  try {
    const measured: HalfLoad[] = [];
    for (const eventsPerRequest of eventsPerRequests) {
      const url = `${standalone.url}/api/v1/events${eventsPerRequest === 1 ? '' : '/batch'}`;
      const offer = async (requestsPerSecond: number | null): Promise<OfferResult> => {
        const result = await generator.offer({
          aim: { url, apiKey: standalone.apiKey, connections },
          bodies: { requests: 2_000, eventsPerRequest, isGzip: false, form: 'own' },
          seconds,
          requestsPerSecond,
        });
        if (result.failures > 0) throw new Error(`${result.failures} requests were neither taken nor refused.`);
        await standalone.drain();
        return result;
      };
      await offer(null);
      const peak = await offer(null);
      const peakPerSecond = peak.accepted / peak.seconds;
      const rounds: OfferResult[] = [];
      for (let round = 0; round < effort.rounds; round += 1) rounds.push(await offer(peakPerSecond / 2));
      measured.push({ eventsPerRequest, peakPerSecond, rounds });
      say(`${eventsPerRequest} a request: p99 ${toFixed(toP99({ rounds }), 1)} ms at ${toFixed(peakPerSecond / 2)}/s`);
    }
    const fsyncs = measureFsync(standalone.folder, 100).toSorted((a, b) => a - b);
    return [toSection(measured, seconds, fsyncs)];
  } finally {
    await Promise.all([generator.close(), standalone.close()]);
  }
};

function toP99({ rounds }: Pick<HalfLoad, 'rounds'>): number {
  return toMedian(rounds.map((round) => round.acceptedP99));
}

function toSection(measured: readonly HalfLoad[], seconds: number, fsyncs: readonly number[]): Section {
  const fsyncP99 = fsyncs[Math.ceil(fsyncs.length * 0.99) - 1] ?? Number.NaN;
  return {
    title: 'At half load',
    words:
      `${seconds} s of plain requests at half the rate that was found just before over ${connections} connections, at a rate of their own; ` +
      'medians of the rounds, in ms. Limit: the p99 of a write of 4 KiB until it is synced.',
    header: ['events a request', 'peak requests/s', 'offered/s', 'p50', 'p99', 'fsync p99', 'ratio'],
    rows: measured.map((one) => [
      String(one.eventsPerRequest),
      toFixed(one.peakPerSecond),
      toFixed(one.peakPerSecond / 2),
      toFixed(toMedian(one.rounds.map((round) => round.acceptedP50)), 1),
      toFixed(toP99(one), 1),
      toFixed(fsyncP99, 1),
      toFixed(toP99(one) / fsyncP99, 1),
    ]),
    targets: measured.map((one) => ({
      what: `p99 at half load, ${one.eventsPerRequest} a request`,
      atLeast: `<= ${demandedMs} ms`,
      measured: `${toFixed(toP99(one), 1)} ms`,
      isMet: toP99(one) <= demandedMs,
    })),
  };
}
