import { type CacheCounts, createBoundedCache } from '../bounded-cache.ts';
import { applyClientHints } from '../device/apply-client-hints.ts';
import { parseClientHints, pickClientHints } from '../device/client-hints.ts';
import type { DeviceFacts } from '../device/device-facts.ts';
import { maxUserAgentLength, parseUserAgent } from '../device/parse-user-agent.ts';
import type { Stage } from '../pipeline-event.ts';

/** The device stage with what its cache of user agents has done. */
export interface DeviceStage extends Stage {
  cacheCounts(): CacheCounts;
}

const defaultMaxCachedUserAgents = 10_000;

/**
 * Fills browser, engine, system, device, `is_bot` and its `bot_signal` from the user agent, with client hints over it. What they say
 * is kept for the last `maxCachedUserAgents` user agents with their hints (10,000: about 10 MB, 50 MB at worst). What an
 * imported event is known to come from goes before both. Never throws, drops nothing: bots are flagged. Source: contract 4.
 */
export function createDeviceStage(options: { maxCachedUserAgents?: number } = {}): DeviceStage {
  const cache = createBoundedCache<DeviceFacts>({
    maxEntries: options.maxCachedUserAgents ?? defaultMaxCachedUserAgents,
  });

  return {
    name: 'device',
    run(event) {
      const { known } = event.event;
      if (known !== undefined) {
        Object.assign(event.row, known.device);
        return event;
      }
      const userAgent = boundUserAgent(event.record.user_agent);
      const hints = pickClientHints(event.record.client_hints, event.context.client_hints);
      // As JSON, so that no user agent can be made to look like another one with hints.
      const key = hints === null ? userAgent : JSON.stringify([userAgent, hints]);
      const facts = cache.getOrMake(key, () => readDevice(userAgent, hints));
      Object.assign(event.row, facts);
      return event;
    },
    cacheCounts: cache.counts,
  };
}

function readDevice(userAgent: string, picked: readonly string[] | null): DeviceFacts {
  if (picked === null) return parseUserAgent(userAgent);
  const hints = parseClientHints(picked);
  return applyClientHints(parseUserAgent(restoreModel(userAgent, hints.model)), hints);
}

/** Cuts what is too long, into a string of its own: a slice would keep the whole one in memory with the cache. */
function boundUserAgent(userAgent: string): string {
  if (userAgent.length <= maxUserAgentLength) return userAgent;
  return Buffer.from(userAgent.slice(0, maxUserAgentLength)).toString();
}

/** Puts the hinted model where Chrome's reduced user agent has a `K`, so that the parser finds its maker. */
function restoreModel(userAgent: string, model: string): string {
  if (!/^[\w .+()-]+$/.test(model)) return userAgent;
  return userAgent.replace('; K)', () => `; ${model})`);
}
