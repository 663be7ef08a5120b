import type { OfferResult } from '../../load/offer.ts';
import { type Generator, openGenerator } from '../../load/open-generator.ts';
import { openStandalone } from '../../processes/standalone.ts';
import type { Section } from '../../report/section.ts';
import { toFixed, toMedian } from '../../report/spread.ts';
import type { Measurement } from '../measurement.ts';

/** What the neighbour sends, all the while. */
const quietPerSecond = 100;
/** What the flooding key may send; what is over it is 429. */
const allowedPerMinute = 1_000;
const demandedRatio = 1.5;

interface Flood {
  readonly name: string;
  /** Null: as fast as 64 connections can. */
  readonly perSecond: number | null;
}

const floods: readonly Flood[] = [
  { name: '60 times its rate', perSecond: (allowedPerMinute / 60) * 60 },
  { name: 'as fast as 64 connections can', perSecond: null },
];

interface Measured {
  readonly flood: Flood;
  readonly refusedPerSecond: number;
  /** Of the neighbour's requests, those refused beside the flood: for the server's load, since its key has no rate. */
  readonly ownRefused: number;
  readonly quietP99: number;
  readonly floodedP99: number;
}

/** What one key feels of a flood on another: its p99 beside its p99 without. */
export const measureFlood: Measurement = async (effort, say) => {
  const neighbour = openGenerator();
  const flooder = openGenerator();
  const standalone = await openStandalone();
  const seconds = effort.secondsPerRound * 2;
  const url = `${standalone.url}/api/v1/events`;
  const send = (generator: Generator, apiKey: string, perSecond: number | null, forSeconds: number) =>
    generator.offer({
      aim: { url, apiKey, connections: perSecond === quietPerSecond ? 8 : 64 },
      bodies: { requests: 2_000, eventsPerRequest: 1, isGzip: false, form: 'own' },
      seconds: forSeconds,
      requestsPerSecond: perSecond,
    });
  try {
    const flooding = await standalone.makeKey({ kind: 'pub', name: 'flood', rate_per_minute: allowedPerMinute });
    const quiet = () => send(neighbour, standalone.apiKey, quietPerSecond, seconds);
    await send(neighbour, standalone.apiKey, null, seconds);
    await standalone.drain();
    const measured: Measured[] = [];
    for (const flood of floods) {
      const alone: OfferResult[] = [];
      const beside: OfferResult[] = [];
      const floodResults: OfferResult[] = [];
      for (let round = 0; round < effort.rounds; round += 1) {
        alone.push(await quiet());
        const [own, others] = await Promise.all([quiet(), send(flooder, flooding, flood.perSecond, seconds + 1)]);
        beside.push(own);
        floodResults.push(others);
      }
      const failures = [...alone, ...beside].reduce((sum, result) => sum + result.failures, 0);
      if (failures > 0) throw new Error(`${failures} requests of the other key were neither taken nor refused.`);
      const one = {
        flood,
        refusedPerSecond: toMedian(floodResults.map((result) => result.refused / result.seconds)),
        ownRefused: beside.reduce((sum, result) => sum + result.refused, 0),
        quietP99: toMedian(alone.map((result) => result.acceptedP99)),
        floodedP99: toMedian(beside.map((result) => result.acceptedP99)),
      };
      say(`${flood.name}: p99 ${toFixed(one.quietP99, 1)} -> ${toFixed(one.floodedP99, 1)} ms`);
      measured.push(one);
    }
    return [toSection(measured, seconds)];
  } finally {
    await Promise.all([neighbour.close(), flooder.close(), standalone.close()]);
  }
};

function toSection(measured: readonly Measured[], seconds: number): Section {
  return {
    title: 'A flood on another key',
    words:
      `One key sends ${quietPerSecond} single events a second at a rate of its own, ${seconds} s alone and ${seconds} s beside a flood on a key ` +
      `that may send ${toFixed(allowedPerMinute)} a minute; medians of the rounds, in ms. Limit: its own p99 without the flood. ` +
      'The flood comes from a process of its own on the same two cores, which takes from the server what it needs itself.',
    header: ['flood', 'refused/s', 'p99 quiet', 'p99 beside the flood', 'ratio', 'own requests refused'],
    rows: measured.map((one) => [
      one.flood.name,
      toFixed(one.refusedPerSecond),
      toFixed(one.quietP99, 1),
      toFixed(one.floodedP99, 1),
      toFixed(one.floodedP99 / one.quietP99, 2),
      toFixed(one.ownRefused),
    ]),
    targets: measured.map((one) => ({
      what: `p99 beside a flood, of the quiet p99: ${one.flood.name}`,
      atLeast: `<= ${demandedRatio}`,
      measured: toFixed(one.floodedP99 / one.quietP99, 2),
      isMet: one.floodedP99 / one.quietP99 <= demandedRatio,
    })),
  };
}
