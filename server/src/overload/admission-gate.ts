import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServerConfig } from '../config.ts';
import type { WorkLine } from './work-line.ts';

/** Why a request was not let in: the closed list, and the label of `px_ingest_refused_total`. */
export type RefusalReason = 'overloaded' | 'in_flight' | 'bytes_in_flight' | 'log_stalled';

/** How much of the bounds is used. */
export interface GateLoad {
  readonly requests: number;
  readonly bytes: number;
}

/** Takes the server's requests in the app's place, and hands on what there is room for. */
export interface AdmissionGate {
  readonly listener: (req: IncomingMessage, res: ServerResponse) => void;
  load(): GateLoad;
}

/** What the gate needs from outside. */
export interface GateDeps {
  readonly limits: Pick<ServerConfig, 'INGEST_MAX_IN_FLIGHT' | 'INGEST_MAX_IN_FLIGHT_BYTES' | 'INGEST_MAX_WAIT_MS'>;
  /** What is done with a request that is let in. */
  readonly run: (req: IncomingMessage, res: ServerResponse) => void;
  /** Answers one that is not, at once. */
  readonly refuse: (req: IncomingMessage, res: ServerResponse, reason: RefusalReason) => void;
  readonly line: Pick<WorkLine, 'ageMs'>;
  /** Says whether the log has stopped answering: then nothing that is let in would end. */
  readonly isLogStalled: () => boolean;
}

/**
 * Lets in as many ingest requests as can be done soon, and refuses the excess from its headers alone; all else passes.
 * The line of those that wait for work is too long when its first has waited for `INGEST_MAX_WAIT_MS`: a bound of time
 * holds for one event and for a thousand a request, and lets a burst pass. Requests and their announced bytes are
 * bounded beside, for the memory that a slow disk would pile up.
 * Source: CoDel (https://queue.acm.org/detail.cfm?id=2209336), where a queue is judged by the time spent in it.
 */
export function createAdmissionGate(deps: GateDeps): AdmissionGate {
  const { limits, run, refuse, line, isLogStalled } = deps;
  let requests = 0;
  let bytes = 0;

  function findReason(size: number): RefusalReason | null {
    if (requests >= limits.INGEST_MAX_IN_FLIGHT) return 'in_flight';
    if (bytes + size > limits.INGEST_MAX_IN_FLIGHT_BYTES && requests > 0) return 'bytes_in_flight';
    if (line.ageMs() >= limits.INGEST_MAX_WAIT_MS) return 'overloaded';
    return isLogStalled() ? 'log_stalled' : null;
  }

  return {
    listener(req, res) {
      if (!isIngest(req)) return run(req, res);
      const size = toAnnouncedBytes(req);
      const reason = findReason(size);
      if (reason !== null) return refuse(req, res, reason);
      requests += 1;
      bytes += size;
      res.once('close', () => {
        requests -= 1;
        bytes -= size;
      });
      run(req, res);
    },
    load: () => ({ requests, bytes }),
  };
}

/** Every POST under these takes events, but the query; a path that no route takes is refused soon enough by the app. */
function isIngest({ method, url = '' }: IncomingMessage): boolean {
  return method === 'POST' && /^\/(api\/)?v1\/(?!query)/i.test(url);
}

/** A body of unknown length counts as a usual one; what it comes to is bounded while it is read. */
const unknownBytes = 64 * 1024;

function toAnnouncedBytes({ headers }: IncomingMessage): number {
  return headers['content-length'] === undefined ? unknownBytes : Number(headers['content-length']);
}
