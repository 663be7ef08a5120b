import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { type Aim, toPercentile } from './fire.ts';
import { type BodyPlan, makeBodies } from './make-bodies.ts';
import { toLivingBody } from './refresh-body.ts';
import { createIds } from './uuid-v7.ts';

/** A load that lasts: as fast as rows are stored, since senders wait while too many events are not yet rows. */
export interface SustainPlan {
  readonly aim: Aim;
  readonly bodies: BodyPlan;
  readonly seconds: number;
  /** Senders wait while more events than this are accepted and not yet rows. */
  readonly maxLagEvents: number;
  /** Where the rows stored are counted, as Prometheus text. */
  readonly metricsUrl: string;
}

/** What came of it. `windows` are rows a second, over each sixth of the time. */
export interface SustainResult {
  readonly events: number;
  readonly failures: number;
  /** From the first request to the last row. */
  readonly seconds: number;
  readonly windows: readonly number[];
  /** Events accepted and not yet rows when sending ended, and how long it took until they were. */
  readonly lagEvents: number;
  readonly lagMs: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

const countEveryMs = 200;
const windowCount = 6;
const drainTimeoutMs = 120_000;

/** Sends for the time planned, then waits until all that was accepted is stored. Throws where it never is. */
export async function sustain(plan: SustainPlan): Promise<SustainResult> {
  const bodies = makeBodies(plan.bodies).map(({ bytes, headers }) => ({ body: toLivingBody(bytes), headers }));
  const newId = createIds();
  const agent = new Agent({ keepAlive: true, maxSockets: plan.aim.connections });
  const latencies: number[] = [];
  const rowsBefore = await countRows(plan.metricsUrl);
  let accepted = 0;
  let failures = 0;
  let rows = 0;
  let next = 0;

  const startedAt = performance.now();
  const endsAt = startedAt + plan.seconds * 1_000;
  const isOver = (): boolean => performance.now() >= endsAt;
  const elapsed = (): number => (performance.now() - startedAt) / 1_000;

  async function send(): Promise<void> {
    while (!isOver()) {
      if (accepted - rows > plan.maxLagEvents) {
        await wait(5);
        continue;
      }
      const chosen = bodies[next++ % bodies.length];
      if (chosen === undefined) return;
      chosen.body.refresh(newId, Date.now());
      const sentAt = performance.now();
      const status = await post(plan.aim, agent, chosen.body.bytes, chosen.headers);
      latencies.push(performance.now() - sentAt);
      if (status === 202) accepted += plan.bodies.eventsPerRequest;
      else failures += 1;
    }
  }

  async function watch(): Promise<number[]> {
    const windows: number[] = [];
    let from = { rows: 0, at: 0 };
    while (windows.length < windowCount) {
      await wait(countEveryMs);
      rows = (await countRows(plan.metricsUrl)) - rowsBefore;
      if (elapsed() < ((windows.length + 1) * plan.seconds) / windowCount) continue;
      const to = { rows, at: elapsed() };
      windows.push((to.rows - from.rows) / (to.at - from.at));
      from = to;
    }
    return windows;
  }

  const watching = watch();
  await Promise.all(Array.from({ length: plan.aim.connections }, send));
  const sentAllAt = performance.now();
  rows = (await countRows(plan.metricsUrl)) - rowsBefore;
  const lagEvents = accepted - rows;
  const windows = await watching;
  while (rows < accepted) {
    if (performance.now() - sentAllAt > drainTimeoutMs) throw new Error(`${accepted - rows} events never became rows.`);
    await wait(20);
    rows = (await countRows(plan.metricsUrl)) - rowsBefore;
  }
  agent.destroy();
  latencies.sort((a, b) => a - b);
  return {
    events: accepted,
    failures,
    seconds: elapsed(),
    windows,
    lagEvents,
    lagMs: performance.now() - sentAllAt,
    p50: toPercentile(latencies, 0.5),
    p95: toPercentile(latencies, 0.95),
    p99: toPercentile(latencies, 0.99),
  };
}

function post(aim: Aim, agent: Agent, bytes: Buffer, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      aim.url,
      {
        method: 'POST',
        agent,
        headers: { ...headers, Authorization: `Bearer ${aim.apiKey}`, 'Content-Length': bytes.length },
      },
      (answer) => {
        answer.resume();
        answer.once('end', () => resolve(answer.statusCode ?? 0));
        answer.once('error', reject);
      },
    );
    sent.once('error', reject);
    sent.end(bytes);
  });
}

async function countRows(metricsUrl: string): Promise<number> {
  const text = await (await fetch(metricsUrl)).text();
  const match = /^px_processor_rows_total (\d+)$/m.exec(text);
  return Number(match?.[1] ?? 0);
}
