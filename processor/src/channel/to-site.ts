import { isIP } from 'node:net';

/** Second-level labels under which countries give out names, as 'co' in 'co.uk'. */
const secondLevels = new Set(
  'ac ad co com edu go gob gouv gov gr id in ltd me mil ne net nom or org plc sch'.split(' '),
);

/** Domains whose subdomains belong to different people. */
const sharedDomains = new Set([
  'amazonaws.com',
  'azurewebsites.net',
  'blogspot.com',
  'cloudfront.net',
  'firebaseapp.com',
  'fly.dev',
  'framer.website',
  'github.io',
  'gitlab.io',
  'glitch.me',
  'herokuapp.com',
  'myshopify.com',
  'netlify.app',
  'onrender.com',
  'pages.dev',
  'railway.app',
  'replit.app',
  'surge.sh',
  'vercel.app',
  'web.app',
  'webflow.io',
  'wixsite.com',
  'wordpress.com',
  'workers.dev',
]);

/**
 * Gives the registrable domain of a host by a simple rule: its last two labels, or three where those are a
 * country's second level ('example.co.uk') or a domain shared by strangers ('acme.github.io'). Hosts of one
 * site are each other's own. Not the Public Suffix List, which is 300 kB and changes weekly: a rare suffix
 * makes two sites one, and costs a referral. An IP address or a bare name is its own site.
 */
export function toSite(host: string): string {
  const topAt = host.lastIndexOf('.');
  const secondAt = topAt < 1 ? -1 : host.lastIndexOf('.', topAt - 1);
  if (secondAt < 0 || host.startsWith('[') || isIP(host) !== 0) return host;
  const lastTwo = host.slice(secondAt + 1);
  const isCountry = host.length - topAt === 3 && secondLevels.has(host.slice(secondAt + 1, topAt));
  if (!isCountry && !sharedDomains.has(lastTwo)) return lastTwo;
  return host.slice(host.lastIndexOf('.', secondAt - 1) + 1);
}
