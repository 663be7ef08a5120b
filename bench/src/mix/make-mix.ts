import { createRequestIds } from '@px-platform/runtime';
import type { EventContext, LogRecord } from '@px-platform/schemas';
import { createRandom, type Random } from './random.ts';
import { type MixRequest, makeVisit } from './visit.ts';
import { drawVisitor, type MixVisitor } from './visitor.ts';

/** How much of the mix. */
export interface MixPlan {
  readonly seed: number;
  /** Epoch ms. */
  readonly startAt: number;
  /** Events on average; a visit has about 12. */
  readonly eventsPerSecond: number;
  readonly projectId: string;
}

const eventsPerVisit = 11.7;
/** Visitors who may come again. */
const maxKnown = 20_000;

/**
 * Gives the records of the reference mix for ever, in the order in which they are received: visits that overlap, begun evenly
 * over time, three of ten by somebody who was there before. The same plan gives the same records.
 */
export function* makeMix(plan: MixPlan): Generator<LogRecord> {
  const random = createRandom(plan.seed);
  const known: MixVisitor[] = [];
  const bySecond = new Map<number, Received[]>();
  let receivedAt = plan.startAt;
  const newRequestId = createRequestIds(() => receivedAt, Buffer.from(random.hex(16), 'hex'));
  let visits = 0;
  for (let second = 0; ; second += 1) {
    for (; visits * eventsPerVisit < (second + 1) * plan.eventsPerSecond; visits += 1) {
      const startAt = plan.startAt + second * 1_000 + random.below(1_000);
      for (const request of makeVisit(random, chooseVisitor(random, known, startAt), startAt)) {
        // A request takes 20 to 220 ms.
        const received = { ...request, receivedAt: request.sentAt + 20 + random.below(200) };
        const due = Math.floor((received.receivedAt - plan.startAt) / 1_000);
        const others = bySecond.get(due);
        if (others === undefined) bySecond.set(due, [received]);
        else others.push(received);
      }
    }
    const due = bySecond.get(second) ?? [];
    bySecond.delete(second);
    for (const received of due.sort((a, b) => a.receivedAt - b.receivedAt)) {
      receivedAt = received.receivedAt;
      yield toRecord(plan, received, newRequestId());
    }
  }
}

function chooseVisitor(random: Random, known: MixVisitor[], at: number): MixVisitor {
  const again = random.next() < 0.3 ? known[random.below(known.length)] : undefined;
  if (again !== undefined) return again;
  const visitor = drawVisitor(random, at);
  known[known.length < maxKnown ? known.length : random.below(maxKnown)] = visitor;
  return visitor;
}

interface Received extends MixRequest {
  /** Epoch ms. */
  readonly receivedAt: number;
}

/** As ingest makes it. */
function toRecord(plan: MixPlan, received: Received, requestId: string): LogRecord {
  const { sentAt, receivedAt, visitor, sessionId, landing, events } = received;
  const context: EventContext = { ...visitor.context, ...landing };
  return {
    v: 1,
    tenant_id: 'ten_reference',
    project_id: plan.projectId,
    ip_policy: 'drop',
    retention_days: 730,
    key_prefix: 'px_pub_live_Ref0',
    request_id: requestId,
    schema_version: '1.0.0',
    received_at: receivedAt,
    sent_at: sentAt,
    ip: visitor.ip,
    user_agent: visitor.userAgent,
    client_hints: {},
    person_key: visitor.anonymousId,
    context,
    session_id: sessionId,
    events,
  };
}
