import type { Client } from './client.ts';
import { type Counts, createCounts } from './page/counts.ts';
import type { Clock } from './ports.ts';
import type { Px } from './px.ts';
import { parseSettings, type Settings } from './settings.ts';

/** Opens the client on the page. The clock gives the time of the call at hand, which may lie back. */
export type OpenClient = (settings: Settings, page: { clock: Clock; counts: Counts }) => Client;

/** A call that waits: method, arguments, epoch ms of the call. */
export type HeldCall = readonly [method: string, args: readonly unknown[], at: number];

/** Before `init`, at most so many calls are held. */
const maxHeldCalls = 100;

/** Builds the SDK: the first `init` opens the client, earlier calls wait for it, and nothing thrown gets out. */
export function createPx(options: {
  open: OpenClient;
  clock: Clock;
  hasPage: () => boolean;
  warn: (message: string) => void;
}): { px: Px; replay: (calls: readonly HeldCall[]) => void } {
  const counts = createCounts();
  const { count, guard } = counts;
  const held: HeldCall[] = [];
  let client: Client | null = null;
  let callAt: number | null = null;
  const clock: Clock = () => callAt ?? options.clock();

  /** Lets `run` happen as at the time of its call. */
  const asAt = (at: number, run: () => void) => {
    const outer = callAt;
    callAt = at;
    guard(run)();
    callAt = outer;
  };
  const withClient = (method: string, args: readonly unknown[], run: (client: Client) => void) => {
    if (!options.hasPage()) return;
    if (client) run(client);
    else if (held.length < maxHeldCalls) held.push([method, args, clock()]);
    else count('called_before_init');
  };
  const replay = (calls: readonly HeldCall[]) => {
    for (const [method, args, at] of calls) {
      if (isMethod(px, method)) asAt(at, () => void Reflect.apply(px[method], px, args));
    }
  };

  const px: Px = {
    init: guard((given) => {
      if (!options.hasPage()) return;
      if (client) return count('init_again');
      const settings = parseSettings(given);
      if ('problems' in settings) {
        count('init_refused', 1, settings.problems);
        return options.warn(`PX.init changed nothing: ${settings.problems.join('; ')}.`);
      }
      if (settings.onDiagnostic) counts.tell(settings.onDiagnostic);
      client = options.open(settings, { clock, counts });
      replay(held.splice(0));
    }),
    track: guard((...args) => withClient('track', args, (open) => open.track(...args))),
    identify: guard((...args) => withClient('identify', args, (open) => open.identify(...args))),
    page: guard((...args) => withClient('page', args, (open) => open.page(...args))),
    reset: guard((...args) => withClient('reset', args, (open) => open.reset())),
    flush: async () => {
      try {
        await client?.flush();
      } catch (error) {
        count('sdk_error', 1, error);
      }
    },
    counts: counts.read,
  };
  return { px, replay };
}

function isMethod(px: Px, method: string): method is keyof Px {
  return Object.keys(px).includes(method);
}
