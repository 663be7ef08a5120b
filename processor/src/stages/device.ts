import { type CacheCounts, createBoundedCache } from '../bounded-cache.ts';
import { applyClientHints } from '../device/apply-client-hints.ts';
import { readClientHints } from '../device/client-hints.ts';
import type { DeviceFacts } from '../device/device-facts.ts';
import { maxUserAgentLength, parseUserAgent } from '../device/parse-user-agent.ts';
import type { Stage } from '../pipeline-event.ts';

/** The device stage with what its cache of user agents has done. */
export interface DeviceStage extends Stage {
  cacheCounts(): CacheCounts;
}

const defaultMaxCachedUserAgents = 10_000;

/**
 * Fills browser, system, device and `is_bot` from the user agent, with client hints over it. What a user
 * agent says is kept for the last `maxCachedUserAgents` (10,000: about 10 MB). Never throws, drops nothing:
 * bots are flagged. Source: contract 4.
 */
export function createDeviceStage(options: { maxCachedUserAgents?: number } = {}): DeviceStage {
  const cache = createBoundedCache<DeviceFacts>({
    maxEntries: options.maxCachedUserAgents ?? defaultMaxCachedUserAgents,
  });

  return {
    name: 'device',
    run(event) {
      const hints = readClientHints(event.record.client_hints, event.context.client_hints);
      const userAgent = boundUserAgent(event.record.user_agent);
      const restored = hints === null ? userAgent : restoreModel(userAgent, hints.model);
      const facts = cache.getOrMake(restored, parseUserAgent);
      Object.assign(event.row, hints === null ? facts : applyClientHints(facts, hints));
      return event;
    },
    cacheCounts: cache.counts,
  };
}

/** Cuts what is too long, into a string of its own: a slice would keep the whole one in memory with the cache. */
function boundUserAgent(userAgent: string): string {
  if (userAgent.length <= maxUserAgentLength) return userAgent;
  return Buffer.from(userAgent.slice(0, maxUserAgentLength)).toString();
}

/** Puts the hinted model where Chrome's reduced user agent has a `K`, so that the parser finds its maker. */
function restoreModel(userAgent: string, model: string): string {
  if (!/^[\w .+-]+$/.test(model)) return userAgent;
  return userAgent.replace('; K)', () => `; ${model})`);
}
