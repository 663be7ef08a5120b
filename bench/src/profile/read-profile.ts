/** Self time of one function, over the whole profile. */
export interface FunctionTime {
  readonly name: string;
  /** File and line as the profiler names them; '' for the engine's own, such as `(garbage collector)`. */
  readonly place: string;
  readonly selfMs: number;
}

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  /** Node ids, one a sample. */
  readonly samples: readonly number[];
  /** µs on the machine's monotonic clock, as `process.hrtime` tells it. */
  readonly startTime: number;
  /** µs before each sample. */
  readonly timeDeltas: readonly number[];
}

/** Sums a `.cpuprofile` of V8 by function, most first, between two instants of the monotonic clock in µs. */
export function readProfile(text: string, span: { readonly from: number; readonly to: number }): FunctionTime[] {
  const profile = parseProfile(text);
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const times = new Map<string, FunctionTime>();
  let now = profile.startTime;
  for (const [at, id] of profile.samples.entries()) {
    now += profile.timeDeltas[at] ?? 0;
    const frame = frames.get(id);
    if (frame === undefined || now < span.from || now > span.to) continue;
    const place = frame.url === '' ? '' : `${toShortPath(frame.url)}:${frame.lineNumber + 1}`;
    const name = frame.functionName || '(anonymous)';
    const key = `${name} ${place}`;
    // A delta is the time before its sample: it was spent in what the sample before it saw, to within a tick.
    const ms = (profile.timeDeltas[at] ?? 0) / 1_000;
    times.set(key, { name, place, selfMs: (times.get(key)?.selfMs ?? 0) + ms });
  }
  return [...times.values()].sort((a, b) => b.selfMs - a.selfMs);
}

/** Gives the present instant of the clock that profiles are written in. */
export function toMonotonicUs(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}

function parseProfile(text: string): CpuProfile {
  return JSON.parse(text) as CpuProfile;
}

const root = new URL('../../../', import.meta.url).href;

/** `server/src/app.ts` of this house, `express` of a package, `node:net` of Node. */
function toShortPath(url: string): string {
  const path = url.startsWith(root) ? url.slice(root.length) : url;
  const inPackage = path.lastIndexOf('node_modules/');
  return inPackage === -1 ? path : path.slice(inPackage + 'node_modules/'.length);
}
