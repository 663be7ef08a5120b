import type { FindPlace } from './source-places.ts';

/** Time of one function of the SDK, in µs over the whole profile. */
export interface PageFunctionTime {
  /** Path of its source, or what the time went to where it is none of the SDK's. */
  readonly file: string;
  /** Line of the function in it, and the line's text; 0 and a name for what is not the SDK's. */
  readonly line: number;
  readonly text: string;
  /** In the function itself, and in the browser's functions that it called. */
  readonly selfUs: number;
  /** That, and in all that it called. */
  readonly totalUs: number;
}

/** A profile of Chromium's `Profiler` domain. */
export interface PageProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples?: readonly number[] | undefined;
  readonly timeDeltas?: readonly number[] | undefined;
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
    readonly columnNumber: number;
  };
  readonly children?: readonly number[] | undefined;
}

interface Frame {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/**
 * Sums profiles by function, most self time first. A function of the browser (`setItem`, `JSON.stringify`) counts to the
 * function of the SDK that called it, and is listed under its own name too, in the file `called natively`.
 */
export function sumPageProfiles(
  profiles: readonly PageProfile[],
  script: { readonly url: string; readonly findPlace: FindPlace },
): PageFunctionTime[] {
  const sums = new Map<string, Frame & { selfUs: number; totalUs: number }>();
  for (const profile of profiles) {
    const times = toSelfUs(profile);
    const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
    const isChild = new Set(profile.nodes.flatMap(({ children }) => children ?? []));
    for (const node of profile.nodes) if (!isChild.has(node.id)) visit(node, [], nodes, times);
  }
  return [...sums.values()].sort((a, b) => b.selfUs - a.selfUs);

  function visit(
    node: ProfileNode,
    callers: readonly Frame[],
    nodes: ReadonlyMap<number, ProfileNode>,
    times: ReadonlyMap<number, number>,
  ): void {
    const us = times.get(node.id) ?? 0;
    const frame = toFrame(node);
    const path = [...callers, frame];
    const owner = path.findLast(({ line }) => line > 0);
    if (us > 0) {
      add(owner ?? frame, us, 0);
      if (owner !== undefined && owner !== frame) add({ ...frame, file: 'called natively' }, us, 0);
      const seen = new Set<string>();
      for (const caller of path) {
        if (seen.has(toKey(caller)) || caller.line === 0) continue;
        seen.add(toKey(caller));
        add(caller, 0, us);
      }
    }
    for (const child of node.children ?? []) {
      const next = nodes.get(child);
      if (next !== undefined) visit(next, path, nodes, times);
    }
  }

  function add(frame: Frame, selfUs: number, totalUs: number): void {
    const key = toKey(frame);
    const sum = sums.get(key) ?? { ...frame, selfUs: 0, totalUs: 0 };
    sum.selfUs += selfUs;
    sum.totalUs += totalUs;
    sums.set(key, sum);
  }

  function toFrame({ callFrame }: ProfileNode): Frame {
    const { functionName, url, lineNumber, columnNumber } = callFrame;
    const place = url === script.url ? script.findPlace(lineNumber, columnNumber) : null;
    if (place !== null) return place;
    if (url !== '') return { file: 'the page of the measurement', line: 0, text: '' };
    return { file: functionName.startsWith('(') ? functionName : 'native', line: 0, text: functionName };
  }
}

function toKey({ file, line, text }: Frame): string {
  return `${file}:${line} ${text}`;
}

function toSelfUs({ samples = [], timeDeltas = [] }: PageProfile): Map<number, number> {
  const times = new Map<number, number>();
  for (const [at, id] of samples.entries()) {
    // The time until the next sample was spent in what this one saw, to within a tick.
    times.set(id, (times.get(id) ?? 0) + Math.max(0, timeDeltas[at + 1] ?? 0));
  }
  return times;
}
