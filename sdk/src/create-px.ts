import { attempt } from './attempt.ts';
import type { Client } from './client.ts';
import type { Clock, Count, Guard } from './ports.ts';
import type { InitOptions, Px } from './px.ts';

/** What of one SDK instance its parts share. */
export interface Instance {
  readonly px: Px;
  readonly count: Count;
  readonly guard: Guard;
  /** Epoch ms of the call at hand where it lies back, else 0. */
  readonly calledAt: () => number;
  /** Tells the page's developer of a mistake: nothing would arrive, and nowhere else would say why. */
  readonly warn: (message: string) => void;
}

/** A call that waits: method, arguments, epoch ms of the call. */
export type HeldCall = readonly [method: string, args: readonly unknown[], at: number];

/** Before `init`, at most so many calls are held. */
const maxHeldCalls = 100;

/** Builds the SDK: the first `init` opens the client, earlier calls wait for it, and nothing thrown gets out. */
export function createPx(
  open: (options: InitOptions, instance: Instance) => Client,
  clock: Clock,
): { px: Px; replay: (calls: readonly HeldCall[]) => void } {
  const counts: Record<string, number> = {};
  const instances: Record<string, Px> = {};
  const held: HeldCall[] = [];
  let client: Client | undefined;
  let tell: InitOptions['onDiagnostic'];
  let calledAt = 0;

  const count: Count = (name, times = 1, detail = times) => {
    if (!times) return;
    counts[name] = (counts[name] ?? 0) + times;
    // The listener belongs to the page: its failure is not ours to spread.
    attempt(() => tell?.(`px: ${name}`, detail));
  };
  const guard: Guard =
    (run) =>
    (...args) => {
      try {
        run(...args);
      } catch (error) {
        count('sdk_error', 1, error);
      }
    };
  const warn = (message: string) => {
    // biome-ignore lint/suspicious/noConsole: the console is the only place this mistake can show.
    attempt(() => console.error(message));
  };
  const call = (method: keyof Client) =>
    guard((...args: unknown[]) => {
      if (typeof document === 'undefined') return;
      if (client) Reflect.apply(client[method], client, args);
      else if (held.length < maxHeldCalls) held.push([method, args, calledAt || clock()]);
      else count('called_before_init');
    });
  const replay = (calls: readonly HeldCall[]) => {
    for (const [method, args, at] of calls) {
      calledAt = at;
      if (isMethod(px, method)) guard(() => void Reflect.apply(px[method], px, args))();
      calledAt = 0;
    }
  };

  const px: Px = {
    init: guard((options) => {
      if (typeof document === 'undefined') return;
      if (client) return count('init_again');
      // The key goes into JSON as it is.
      if (!/^[\w-]+$/.test(options.apiKey) || !options.projectId) {
        count('init_refused');
        return warn('PX.init needs the apiKey ("px_pub_...") and the projectId of your project.');
      }
      // biome-ignore lint/suspicious/noConsole: what debug asks for.
      tell = options.onDiagnostic ?? (options.debug ? console.debug : tell);
      client = open(options, { px, count, guard, calledAt: () => calledAt, warn });
      replay(held.splice(0));
    }),
    track: call('track'),
    identify: call('identify'),
    page: call('page'),
    group: call('group'),
    alias: call('alias'),
    register: call('register'),
    unregister: call('unregister'),
    reset: call('reset'),
    optOut: call('optOut'),
    optIn: call('optIn'),
    setConsent: call('setConsent'),
    use: call('use'),
    ready: call('ready'),
    flush: async () => {
      try {
        await client?.flush();
      } catch (error) {
        count('sdk_error', 1, error);
      }
    },
    counts: () => ({ ...counts }),
    instance: (name) => (instances[name] ??= createPx(open, clock).px),
  };
  return { px, replay };
}

function isMethod(px: Px, method: string): method is keyof Px {
  return Object.keys(px).includes(method);
}
