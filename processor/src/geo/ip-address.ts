import { BlockList, isIP } from 'node:net';

/** An IP address in one spelling; an IPv4 address that came inside an IPv6 one (`::ffff:1.2.3.4`) is IPv4. */
export type IpAddress =
  | { readonly kind: 'v4'; readonly text: string }
  | { readonly kind: 'v6'; readonly text: string; readonly groups: readonly number[] };

/** Parses an IP address; null where it is none. A zone (`%eth0`) is left out. */
export function parseIp(text: string): IpAddress | null {
  const zone = text.indexOf('%');
  const bare = (zone < 0 ? text : text.slice(0, zone)).toLowerCase();
  const version = isIP(bare);
  if (version === 0) return null;
  if (version === 4) return { kind: 'v4', text: bare };
  const groups = toGroups(bare);
  const isMapped = groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
  return isMapped ? { kind: 'v4', text: toDotted(groups) } : { kind: 'v6', text: bare, groups };
}

/** Cuts an address to its network: /24 of IPv4, /48 of IPv6, which is about a site, not a household. */
export function truncateIp(ip: IpAddress): string {
  if (ip.kind === 'v4') return `${ip.text.slice(0, ip.text.lastIndexOf('.'))}.0`;
  const kept = ip.groups.slice(0, 3);
  while (kept.at(-1) === 0) kept.pop();
  return `${kept.map((group) => group.toString(16)).join(':')}::`;
}

/** Says whether an address is one of the public internet, and so has a place. Source: IANA special-purpose registries. */
export function isPublicIp(ip: IpAddress): boolean {
  return !special.check(ip.text, ip.kind === 'v4' ? 'ipv4' : 'ipv6');
}

const special = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  special.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['::', 127],
  ['100::', 64],
  ['2001:db8::', 32],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  special.addSubnet(network, prefix, 'ipv6');
}

function toGroups(text: string): number[] {
  const [left = '', right] = text.split('::', 2);
  const head = toNumbers(left);
  if (right === undefined) return head;
  const tail = toNumbers(right);
  return [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

function toNumbers(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}

function toDotted(groups: readonly number[]): string {
  return groups
    .slice(6)
    .map((group) => `${group >> 8}.${group & 0xff}`)
    .join('.');
}
