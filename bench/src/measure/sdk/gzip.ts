import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readSdkDist } from '../../config.ts';
import { withFreshPage } from '../../page/fresh-page.ts';
import { type Ground, openGround } from '../../page/open-ground.ts';
import { toTasksBetween, traceDuring } from '../../page/trace.ts';
import { toFixed, toMedian } from '../../report/spread.ts';
import type { Measurement } from '../measurement.ts';

/** A way to pack a body in a page. */
interface Way {
  readonly name: string;
  /** Statements that make it ready, before the clock runs. */
  readonly prepare: string;
  /** An async function of bytes that gives gzip. */
  readonly code: string;
}

const ways: readonly Way[] = [
  { name: 'not at all', prepare: '', code: 'async (bytes) => bytes' },
  {
    name: 'CompressionStream, written to',
    prepare: '',
    code: `async (bytes) => {
      const stream = new CompressionStream('gzip');
      const writer = stream.writable.getWriter();
      writer.write(bytes);
      writer.close();
      return new Uint8Array(await new Response(stream.readable).arrayBuffer());
    }`,
  },
  {
    name: 'CompressionStream, fed by a Blob',
    prepare: '',
    code: `async (bytes) => {
      const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
      return new Uint8Array(await new Response(stream).arrayBuffer());
    }`,
  },
  {
    name: 'fflate (px-gzip.js), fetched before',
    prepare: "const { gzip } = await import('/px-gzip.js');",
    code: 'async (bytes) => gzip(bytes)',
  },
];

/** One page: ms until the packed bytes were there, and ms of main-thread tasks on the CPU, of the first call and of a later one. */
interface Cold {
  readonly answerMs: number;
  readonly tasksMs: number;
  readonly longestMs: number;
  readonly laterTasksMs: number;
  readonly bytes: number;
}

const calls = 6;
const body = JSON.stringify({ events: Array.from({ length: 20 }, (_, at) => toClick(at)) });

/** What packing a batch of 20 clicks costs a page the first time, by the browser and by fflate: what docs/adr/0009 rests on. */
export const measureSdkGzip: Measurement = async (effort, say) => {
  const ground = await openGround();
  try {
    ground.site.serve('/px-gzip.js', readFileSync(join(readSdkDist(), 'px-gzip.js'), 'utf8'));
    const rows: string[][] = [];
    for (const slowdown of [1, 4]) {
      const colds = new Map(ways.map((way): [Way, Cold[]] => [way, []]));
      for (let page = 0; page < effort.pages; page += 1) {
        for (const [way, found] of colds) found.push(await packOnFreshPage(ground, way, slowdown));
      }
      const [idle = []] = colds.values();
      for (const [{ name }, found] of colds) {
        const median = (of: (cold: Cold) => number): number => toMedian(found.map(of));
        const less = (of: (cold: Cold) => number): string =>
          toFixed(found === idle ? median(of) : median(of) - toMedian(idle.map(of)), 1);
        rows.push([
          name,
          `${slowdown}x`,
          toFixed(median(({ bytes }) => bytes)),
          toFixed(
            median(({ answerMs }) => answerMs),
            1,
          ),
          less(({ tasksMs }) => tasksMs),
          toFixed(
            median(({ longestMs }) => longestMs),
            1,
          ),
          less(({ laterTasksMs }) => laterTasksMs),
        ]);
      }
      say(`${ways.length * effort.pages} pages at ${slowdown}x`);
    }
    return [
      {
        title: 'What gzip costs a page',
        words:
          `${effort.pages} fresh profiles each, medians: one batch of 20 clicks, ${toFixed(body.length)} bytes of JSON, packed ${calls} times with rests ` +
          'between. Tasks are those of the main thread, in time on the CPU, less those of the rest in which nothing is packed.',
        header: [
          'by',
          'CPU',
          'bytes out',
          'first: ms until there',
          'first: ms of tasks',
          'longest task',
          'later: ms of tasks',
        ],
        rows,
        targets: [],
      },
    ];
  } finally {
    await ground.close();
  }
};

function packOnFreshPage(ground: Ground, { name, prepare, code }: Way, slowdown: number): Promise<Cold> {
  return withFreshPage(ground, slowdown, async (page) => {
    const { result, trace } = await traceDuring({ browser: ground.browser, page }, async () => {
      const told: unknown = await page.evaluate(`(async () => {
        const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
        const bytes = new TextEncoder().encode(${JSON.stringify(body)});
        ${prepare}
        const pack = ${code};
        await rest(500);
        let packed, answerMs;
        for (let call = 0; call < ${calls}; call += 1) {
          performance.mark('bench:' + call);
          const startedAt = performance.now();
          packed = await pack(bytes);
          answerMs ??= performance.now() - startedAt;
          await rest(100);
        }
        performance.mark('bench:${calls}');
        return { answerMs, packed: [...packed] };
      })()`);
      return parseTold(told);
    });
    if (ways[0]?.name !== name && gunzipSync(result.packed).toString() !== body)
      throw new Error(`${name} spoiled the body.`);
    const toMs = (call: number): number =>
      toTasksBetween(trace, `bench:${call}`, `bench:${call + 1}`).reduce((sum, { cpuUs }) => sum + cpuUs / 1_000, 0);
    return {
      answerMs: result.answerMs,
      bytes: result.packed.length,
      tasksMs: toMs(0),
      longestMs: Math.max(...toTasksBetween(trace, 'bench:0', 'bench:1').map(({ us }) => us)) / 1_000,
      laterTasksMs: toMedian(Array.from({ length: calls - 1 }, (_, call) => toMs(call + 1))),
    };
  });
}

function parseTold(told: unknown): { answerMs: number; packed: Uint8Array } {
  if (typeof told === 'object' && told !== null && 'answerMs' in told && 'packed' in told) {
    return { answerMs: Number(told.answerMs), packed: Uint8Array.from(told.packed as number[]) };
  }
  throw new TypeError('The page told nothing of its packing.');
}

function toClick(at: number): object {
  return {
    event: 'click',
    event_id: `019a2b3c-4d5e-7f60-8a9b-0c1d2e3f${(4_096 + at).toString(16)}`,
    timestamp: `2026-01-31T12:00:${String(at + 10)}.${String(at * 37 + 100)}Z`,
    properties: {
      selector: `main > section:nth-of-type(${(at % 6) + 1}) > button.buy`,
      tag: 'button',
      id: `buy-${at % 6}`,
      classes: ['buy', 'wide', 'primary'],
      text: `Add number ${at % 6} to your basket`,
    },
  };
}
