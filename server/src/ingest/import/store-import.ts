import { type AcceptedEvent, eventLimits } from '@px-platform/schemas';
import { isProblem, toProblem } from '../../http/problem.ts';
import { appendAccepted } from '../append-accepted.ts';
import { parseSchemaVersion } from '../schema-version.ts';
import type { Store } from '../take.ts';
import { type RecordHead, toRecords } from '../to-records.ts';
import { validateEach } from '../validate-batch.ts';
import { type AcceptedImport, validateImport } from './validate-import.ts';

/**
 * Validates events that came elsewhere, or before, and appends those accepted under the instants and the visitor that they
 * tell of. A `srv` key alone may say when an event was received. Throws as `storeEvents`.
 */
export const storeImport: Store = async (req, res, { received, batch }, deps) => {
  const { caller } = received;
  if (caller.grant.key.kind !== 'srv') {
    return toProblem('missing_scope', 'A pub key imports nothing: what it sends is received now. Send a srv key.');
  }
  const schemaVersion = parseSchemaVersion(req.headers['x-event-schema-version']);
  if (isProblem(schemaVersion)) return schemaVersion;
  const checkPlan = await deps.plans.find(caller.project);
  const isSizeChecked = received.jsonBytes > eventLimits.maxEventBytes;
  const rules = { defaults: batch.defaults, isSizeChecked, newId: deps.newId, checkPlan };
  const validated = validateEach(batch.events, (raw) => validateImport(raw, rules));
  const accepted = toEvents(validated.accepted);
  const toImported = (head: RecordHead) =>
    toRuns(validated.accepted).flatMap((run) => toRecords(speakFor(head, run), toEvents(run)));
  await appendAccepted(req, res, { caller, batch, schemaVersion, validated, accepted, toRecords: toImported }, deps);
  return validated;
};

function toEvents(imported: readonly AcceptedImport[]): AcceptedEvent[] {
  return imported.map(({ event }) => event);
}

/** Cuts events where what they tell of their receipt changes: it stands once in a record. Keeps their order. */
function toRuns(events: readonly AcceptedImport[]): AcceptedImport[][] {
  const runs: AcceptedImport[][] = [];
  let before = '';
  for (const event of events) {
    const facts = JSON.stringify(event.facts);
    const run = runs.at(-1);
    if (run !== undefined && facts === before) run.push(event);
    else runs.push([event]);
    before = facts;
  }
  return runs;
}

/** The caller's own address and program are the visitor's in no case; nothing was received later than now. */
function speakFor(head: RecordHead, run: readonly AcceptedImport[]): RecordHead {
  const { received_at, sent_at, ip = '', user_agent = '' } = run[0]?.facts ?? {};
  return {
    ...head,
    received_at: Math.min(head.received_at, received_at === undefined ? head.received_at : Date.parse(received_at)),
    sent_at: sent_at === undefined ? head.sent_at : Date.parse(sent_at),
    ip,
    user_agent,
    client_hints: {},
  };
}
