import { setTimeout as wait } from 'node:timers/promises';
import { type Aim, toPercentile, toRequest } from './fire.ts';
import { type BodyPlan, makeBodies } from './make-bodies.ts';
import { openRawConnection, type RawAnswer, type RawConnection } from './raw-connection.ts';
import { type LivingBody, toLivingBody } from './refresh-body.ts';
import { createIds } from './uuid-v7.ts';

/** A load that comes at its own rate, whatever the server does: as visitors come, who know nothing of each other. */
export interface OfferPlan {
  readonly aim: Aim;
  readonly bodies: BodyPlan;
  readonly seconds: number;
  /** Null: each connection sends its next request on its last answer, which finds what the server can take. */
  readonly requestsPerSecond: number | null;
}

/** What came of it. Latencies in ms, from the writing of a request to the end of its answer. */
export interface OfferResult {
  readonly seconds: number;
  readonly sent: number;
  readonly accepted: number;
  /** 429 and 503 with `Retry-After`. */
  readonly refused: number;
  /** All other answers, and connections that broke. */
  readonly failures: number;
  /** Were due while every connection was busy: what the plan asked for and the generator did not do. */
  readonly unsent: number;
  readonly acceptedP50: number;
  readonly acceptedP99: number;
  readonly refusedP50: number;
  readonly refusedP99: number;
  /** Of the refused, those sent less than a second after a refusal on the same connection; their latencies are not among the others'. */
  readonly early: number;
  readonly earlyP50: number;
  readonly earlyP99: number;
}

/** The least that `Retry-After` asks for. */
const retryAfterMs = 1_000;

/** Sends for the time planned, and waits for what is under way. Bodies must be plain. */
export async function offer(plan: OfferPlan): Promise<OfferResult> {
  const { aim, seconds, requestsPerSecond } = plan;
  const { hostname, port } = new URL(aim.url);
  const requests = makeBodies(plan.bodies).map((body) => toLivingBody(toRequest(body, aim)));
  const newId = createIds();
  const open = (): Promise<RawConnection> => openRawConnection(Number(port), hostname);
  const connections = await Promise.all(Array.from({ length: aim.connections }, open));
  const idle: RawConnection[] = [...connections];
  const taken: number[] = [];
  const refused: number[] = [];
  const early: number[] = [];
  const refusedAt = new WeakMap<RawConnection, number>();
  let sent = 0;
  let failures = 0;
  let unsent = 0;

  /** An open one, if any is idle: where a server has closed one that had nothing to do, another takes its place. */
  function takeIdle(): RawConnection | undefined {
    for (let next = idle.pop(); next !== undefined; next = idle.pop()) {
      if (next.isOpen()) return next;
      open().then(
        (another) => {
          connections.push(another);
          idle.push(another);
        },
        () => undefined,
      );
    }
    return undefined;
  }

  function send(connection: RawConnection, then: () => void): void {
    const bytes = toFresh(requests, sent, newId);
    sent += 1;
    const sentAt = performance.now();
    connection.send(bytes, (answer) => {
      const ms = performance.now() - sentAt;
      if (answer?.status === 202) taken.push(ms);
      else if (answer !== null && isRefusal(answer)) noteRefusal(connection, sentAt, ms);
      else failures += 1;
      if (connection.isOpen()) idle.push(connection);
      then();
    });
  }

  function noteRefusal(connection: RawConnection, sentAt: number, ms: number): void {
    const isEarly = sentAt - (refusedAt.get(connection) ?? Number.NEGATIVE_INFINITY) < retryAfterMs;
    (isEarly ? early : refused).push(ms);
    refusedAt.set(connection, sentAt + ms);
  }

  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1_000;
  function keepBusy(): void {
    if (performance.now() >= endsAt) return;
    const next = takeIdle();
    if (next !== undefined) send(next, keepBusy);
  }
  if (requestsPerSecond === null) for (const _ of connections) keepBusy();
  for (let due = 0; performance.now() < endsAt; await wait(1)) {
    if (requestsPerSecond === null) continue;
    for (const until = ((performance.now() - startedAt) / 1_000) * requestsPerSecond; due < until; due += 1) {
      const next = takeIdle();
      if (next === undefined) unsent += 1;
      else send(next, () => undefined);
    }
  }
  const elapsedSeconds = (performance.now() - startedAt) / 1_000;
  const accepted = taken.length;
  while (taken.length + refused.length + early.length + failures < sent) await wait(10);
  for (const connection of connections) connection.close();

  taken.sort((a, b) => a - b);
  refused.sort((a, b) => a - b);
  early.sort((a, b) => a - b);
  return {
    seconds: elapsedSeconds,
    sent,
    accepted,
    refused: refused.length + early.length,
    failures,
    unsent,
    acceptedP50: toPercentile(taken, 0.5),
    acceptedP99: toPercentile(taken, 0.99),
    refusedP50: toPercentile(refused, 0.5),
    refusedP99: toPercentile(refused, 0.99),
    early: early.length,
    earlyP50: toPercentile(early, 0.5),
    earlyP99: toPercentile(early, 0.99),
  };
}

function isRefusal({ status, isRetryTold }: RawAnswer): boolean {
  return (status === 429 || status === 503) && isRetryTold;
}

/** A copy, since what is not yet on the wire must not change when the body is used again. */
function toFresh(requests: readonly LivingBody[], at: number, newId: (at: number) => string): Buffer {
  const request = requests[at % requests.length];
  if (request === undefined) throw new RangeError('There are no bodies to send.');
  request.refresh(newId, Date.now());
  return Buffer.from(request.bytes);
}
