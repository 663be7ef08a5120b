import { isIP } from 'node:net';
import { parseIp } from '../geo/ip-address.ts';

/** Networks of addresses, in memory. */
export interface NetworkSet {
  readonly size: number;
  /** Says whether an address lies in one of them; false for what is none. Never throws. */
  has(ip: string): boolean;
}

/** First and last number of a run of addresses: all 32 bits of IPv4, the first 64 of IPv6. */
type Range = readonly [first: bigint, last: bigint];

/**
 * Builds a set of networks in CIDR notation, IPv4 and IPv6 (of IPv6 the first 64 bits, a network of a site, so a longer
 * prefix is none); an address alone is itself. A look-up is a binary search: 20 steps in a million networks, at 16
 * bytes each. Throws `RangeError` with the first line that is none.
 */
export function createNetworkSet(networks: Iterable<string>): NetworkSet {
  const v4: Range[] = [];
  const v6: Range[] = [];
  for (const text of networks) {
    const parsed = parseNetwork(text);
    if (parsed === null)
      throw new RangeError(`"${text.slice(0, 60)}" is no network like 203.0.113.0/24 or 2001:db8::/32`);
    (parsed.kind === 'v4' ? v4 : v6).push(parsed.range);
  }
  const runs = { v4: toRuns(v4), v6: toRuns(v6) };
  return {
    size: v4.length + v6.length,
    has(text) {
      const ip = parseIp(text);
      return ip !== null && isIn(runs[ip.kind], toNumber(ip));
    },
  };
}

type Address = NonNullable<ReturnType<typeof parseIp>>;

function toNumber(ip: Address): bigint {
  const parts = ip.kind === 'v4' ? ip.text.split('.').map(Number) : ip.groups.slice(0, 4);
  const bits = ip.kind === 'v4' ? 8n : 16n;
  return parts.reduce((number, part) => (number << bits) | BigInt(part), 0n);
}

function parseNetwork(text: string): { kind: Address['kind']; range: Range } | null {
  const [address = '', length, ...more] = text.split('/');
  const ip = more.length > 0 || isIP(address) === 0 ? null : parseIp(address);
  if (ip === null) return null;
  const width = ip.kind === 'v4' ? 32 : 64;
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return null;
  const prefix = length === undefined ? width : Number(length);
  if (prefix > width) return null;
  const mask = (1n << BigInt(width - prefix)) - 1n;
  const number = toNumber(ip);
  return { kind: ip.kind, range: [number & ~mask, number | mask] };
}

interface Runs {
  readonly first: BigUint64Array;
  readonly last: BigUint64Array;
}

/** Sorted, and joined where they meet, so that one comparison decides. */
function toRuns(ranges: Range[]): Runs {
  const joined: [bigint, bigint][] = [];
  for (const [first, last] of ranges.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))) {
    const before = joined.at(-1);
    if (before === undefined || first > before[1] + 1n) joined.push([first, last]);
    else if (last > before[1]) before[1] = last;
  }
  return {
    first: BigUint64Array.from(joined, ([first]) => first),
    last: BigUint64Array.from(joined, ([, last]) => last),
  };
}

function isIn({ first, last }: Runs, number: bigint): boolean {
  let low = 0;
  let high = first.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((first[middle] ?? 0n) <= number) low = middle + 1;
    else high = middle;
  }
  return low > 0 && number <= (last[low - 1] ?? -1n);
}
