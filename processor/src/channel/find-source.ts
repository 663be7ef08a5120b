import { type SourceKind, sources } from './sources.ts';
import { toSite } from './to-site.ts';

const byName = new Map<string, SourceKind>();
const byHost = new Map<string, SourceKind>();
const byBrand = new Map<string, SourceKind>();

for (const { kind, names, hosts } of sources) {
  for (const name of names) byName.set(name, kind);
  for (const host of hosts) {
    if (host.endsWith('.*')) byBrand.set(host.slice(0, -2), kind);
    else byHost.set(host, kind);
  }
}

/** What stands before a brand's domain at its front door: 'www.', 'uk.search.', 'm.'; a country's two letters too. */
const frontDoor = /^(?:(?:www|m|search|images|r|[a-z]{2})\.)*$/;

/** Gives the kind of the place behind a referrer's host (lower case), or null. Never throws. */
export function findSourceByHost(host: string): SourceKind | null {
  if (host === '') return null;
  for (let rest = host; rest !== ''; rest = afterDot(rest)) {
    const kind = byHost.get(rest);
    if (kind !== undefined) return kind;
  }
  const site = toSite(host);
  const kind = byBrand.get(site.slice(0, Math.max(0, site.indexOf('.'))));
  return kind !== undefined && frontDoor.test(host.slice(0, -site.length)) ? kind : null;
}

/** Gives the kind of the place that `utm_source` (lower case) names, as a name or a host, or null. Never throws. */
export function findSourceByName(source: string): SourceKind | null {
  return byName.get(source) ?? (source.includes('.') ? findSourceByHost(source) : null);
}

function afterDot(host: string): string {
  const dot = host.indexOf('.');
  return dot < 0 ? '' : host.slice(dot + 1);
}
