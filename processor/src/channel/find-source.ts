import { aiAssistants } from './sources/ai-assistants.ts';
import { mailServices } from './sources/mail-services.ts';
import { searchEngines } from './sources/search-engines.ts';
import { socialNetworks } from './sources/social-networks.ts';
import type { Source } from './sources/source.ts';
import { toSite } from './to-site.ts';

const byName = new Map<string, Source>();
const byHost = new Map<string, Source>();
const byBrand = new Map<string, Source>();

for (const source of [...searchEngines, ...socialNetworks, ...mailServices, ...aiAssistants]) {
  for (const name of source.names) byName.set(name, source);
  for (const host of source.hosts) {
    if (host.endsWith('.*')) byBrand.set(host.slice(0, -2), source);
    else byHost.set(host, source);
  }
}

/** What stands before a brand's domain at its front door: 'www.', 'uk.search.', 'm.'; a country's two letters too. */
const frontDoor = /^(?:(?:www|m|search|images|r|[a-z]{2})\.)*$/;

/** Gives the place behind a referrer's host (lower case), or null. Never throws. */
export function findSourceByHost(host: string): Source | null {
  if (host === '') return null;
  for (let rest = host; rest !== ''; rest = afterDot(rest)) {
    const source = byHost.get(rest);
    if (source !== undefined) return source;
  }
  const site = toSite(host);
  const source = byBrand.get(site.slice(0, Math.max(0, site.indexOf('.'))));
  return source !== undefined && frontDoor.test(host.slice(0, -site.length)) ? source : null;
}

/** Gives the place that `utm_source` (lower case) names, as a name or a host, or null. Never throws. */
export function findSourceByName(source: string): Source | null {
  return byName.get(source) ?? (source.includes('.') ? findSourceByHost(source) : null);
}

function afterDot(host: string): string {
  const dot = host.indexOf('.');
  return dot < 0 ? '' : host.slice(dot + 1);
}
