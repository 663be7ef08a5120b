import { type AcceptedEvent, eventLimits } from '@px-platform/schemas';
import type { Request, Response } from 'express';
import { isProblem, type Problem } from '../http/problem.ts';
import { appendAccepted } from '../ingest/append-accepted.ts';
import type { KeyCaller, Received } from '../ingest/receive.ts';
import { parseSchemaVersion } from '../ingest/schema-version.ts';
import type { IngestDeps } from '../ingest/store-events.ts';
import { type RecordHead, toRecords } from '../ingest/to-records.ts';
import type { ParsedCalls } from './parse-calls.ts';
import { type AcceptedCall, type ValidatedCalls, validateCalls } from './validate-calls.ts';

/**
 * Validates a request's calls and appends those that are accepted; gives what became of each once they are durable.
 * Throws `log_full`, `log_unavailable` and `control_unavailable`: then none of them is kept.
 */
export async function storeCalls(
  req: Request,
  res: Response,
  request: { readonly received: Received; readonly parsed: ParsedCalls },
  deps: IngestDeps,
): Promise<ValidatedCalls | Problem> {
  const { received, parsed } = request;
  const schemaVersion = parseSchemaVersion(req.headers['x-event-schema-version']);
  if (isProblem(schemaVersion)) return schemaVersion;
  const validated = validateCalls(parsed.calls, {
    defaults: {},
    isSizeChecked: received.jsonBytes > eventLimits.maxEventBytes,
    newId: deps.newId,
    checkPlan: await deps.plans.find(received.caller.project),
  });
  const { caller } = received;
  const batch = { events: [], defaults: {}, sentAt: parsed.sentAt };
  const accepted = toEvents(validated.accepted);
  const toSpoken = (head: RecordHead) =>
    toRuns(validated.accepted).flatMap((run) => toRecords(speakFor(head, caller, run), toEvents(run)));
  await appendAccepted(req, res, { caller, batch, schemaVersion, validated, accepted, toRecords: toSpoken }, deps);
  return validated;
}

function toEvents(calls: readonly AcceptedCall[]): AcceptedEvent[] {
  return calls.map(({ event }) => event);
}

/** Cuts calls where the visitor's address or browser changes: both stand once in a record. Keeps their order. */
function toRuns(calls: readonly AcceptedCall[]): AcceptedCall[][] {
  const runs: AcceptedCall[][] = [];
  for (const call of calls) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run !== undefined && last?.ip === call.ip && last.userAgent === call.userAgent) run.push(call);
    else runs.push([call]);
  }
  return runs;
}

/**
 * A `srv` key speaks for visitors: its own address and program are theirs in no case, and `context.ip` and
 * `context.userAgent` are. A `pub` key is in the visitor's browser: it may say the browser, but no other address.
 */
function speakFor(head: RecordHead, caller: KeyCaller, run: readonly AcceptedCall[]): RecordHead {
  const { ip = '', userAgent = '' } = run[0] ?? {};
  if (caller.grant.key.kind === 'srv') return { ...head, ip, user_agent: userAgent, client_hints: {} };
  return userAgent === '' ? head : { ...head, user_agent: userAgent };
}
