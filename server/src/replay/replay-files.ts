import { keyLimits } from '@px-platform/schemas';
import type { AdminClient, Refusal } from '../provision/admin-client.ts';
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { listFiles, type ReplayFile } from './files/list-files.ts';
import { readLines } from './files/read-lines.ts';
import { findProject } from './find-project.ts';
import { createImportClient } from './import-client.ts';
import { type LineRefusal, type ReadLine, toImport } from './lines/to-import.ts';
import { createPace } from './pace.ts';
import { createProgress } from './progress.ts';
import { makeReplayKey } from './replay-key.ts';
import type { ReplayWorld } from './replay-world.ts';
import type { Replayed } from './replayed.ts';
import { countRefused, createTally, type Tally } from './tally.ts';

/** Which files, into which project, and how fast. */
export interface FileRequest {
  readonly paths: readonly string[];
  readonly projectId: string;
  /** RFC 3339: `from` <= received < `to`. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Events a second. */
  readonly rate: number;
  readonly isDryRun: boolean;
  readonly url: string;
}

const dayMs = 24 * 60 * 60 * 1000;
/** JSON of a batch, as it is sent: the limit of a `srv` key's body, less what stands around the events. */
const maxBatchBytes = keyLimits.srv.maxBodyBytes - 1_000;
/** Refused lines that are shown with their place. */
const maxShown = 10;

/**
 * Sends the events of files through the server, in order and batch by batch, each answered for before the next. After each
 * batch it notes how far it came, and goes on there when it is run again with the same files. A dry run sends nothing. Never
 * throws: a file that can't be read, and a server that refuses, is a refusal.
 */
export async function replayFiles(
  client: AdminClient,
  request: FileRequest,
  world: ReplayWorld,
): Promise<Replayed | Refusal> {
  const files = attempt(() => listFiles(request.paths, world.folder));
  if ('kind' in files) return files;
  const project = await findProject(client, request.projectId);
  if (project.kind === 'refused') return project;
  const retentionDays = project.body.retention_days;
  if (request.isDryRun) return sendFiles(files, { ...request, secret: '', retentionDays }, world);
  const key = await makeReplayKey(client, request.projectId, world.clock());
  if (key.kind === 'refused') return key;
  try {
    return await sendFiles(files, { ...request, secret: key.secret, retentionDays }, world);
  } finally {
    await key.end();
  }
}

type Sending = FileRequest & { readonly secret: string; readonly retentionDays: number };

async function sendFiles(
  files: readonly ReplayFile[],
  request: Sending,
  world: ReplayWorld,
): Promise<Replayed | Refusal> {
  const { projectId, from, to, rate, isDryRun, url } = request;
  const names = files.map(({ path, bytes }) => ({ path, bytes }));
  const checkpoint = openCheckpoint(world.folder, { names, projectId, from, to });
  const begun: Checkpoint = (isDryRun ? null : checkpoint.read()) ?? { lines: 0, tally: createTally() };
  const { tally } = begun;
  const pace = createPace(rate, world);
  const progress = createProgress(world);
  const send = createImportClient({
    url,
    key: request.secret,
    wait: world.wait,
    onWait: (reason, ms) => world.writeError(`\n${reason} Waiting ${Math.ceil(ms / 1_000)} s.\n`),
  });
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const isWanted = createRangeCheck(request, world.clock());
  let shown = 0;
  const refuse = (place: string, code: string, message: string): void => {
    countRefused(tally, code);
    shown += 1;
    if (shown <= maxShown) world.writeError(`${place}: ${code}: ${message}\n`);
  };

  let lines = 0;
  let batch: { readonly json: string; readonly place: string }[] = [];
  let batchBytes = 0;
  async function flush(): Promise<Refusal | null> {
    if (batch.length > 0) {
      const sent = batch;
      batch = [];
      batchBytes = 0;
      const answer = isDryRun ? null : await send(`{"events":[${sent.map(({ json }) => json).join(',')}]}`);
      if (answer?.kind === 'refused') return answer;
      const rejected = answer?.rejected ?? [];
      for (const { index, code, message } of rejected) refuse(sent[index]?.place ?? '', code, message);
      tally.sent += sent.length - rejected.length;
      if (!isDryRun) await pace(sent.length);
    }
    if (!isDryRun) checkpoint.write({ lines, tally });
    return null;
  }

  let bytesBefore = 0;
  try {
    for (const { path, name, bytes } of files) {
      for await (const { text, bytesRead } of readLines(path)) {
        if (lines < begun.lines) {
          lines += 1;
          continue;
        }
        const read = isWanted(text === null ? tooLong : toImport(text, name));
        const json = read.kind === 'event' ? JSON.stringify(read.event) : '';
        const size = Buffer.byteLength(json) + 1;
        if (batch.length === keyLimits.srv.maxEventsPerBatch || batchBytes + size > maxBatchBytes) {
          const refusal = await flush();
          if (refusal !== null) return toBrokenOff(refusal, tally);
        }
        lines += 1;
        const place = `${path}, line ${lines}`;
        if (read.kind === 'outside') tally.outside += 1;
        else if (read.kind === 'refused') refuse(place, read.code, read.message);
        else {
          batch.push({ json, place });
          batchBytes += size;
        }
        progress.show({ done: bytesBefore + bytesRead, total, note: `${tally.sent} events` });
      }
      bytesBefore += bytes;
    }
    const refusal = await flush();
    if (refusal !== null) return toBrokenOff(refusal, tally);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return toBrokenOff({ kind: 'refused', code: 'unreadable', message: `Reading the files failed: ${reason}.` }, tally);
  } finally {
    progress.end();
  }
  if (!isDryRun) checkpoint.remove();
  return {
    kind: 'replayed',
    refused: tally.refused,
    body: { source: 'files', dry_run: isDryRun, lines, ...tally },
    text: toText(tally, isDryRun),
  };
}

const tooLong: ReadLine = { kind: 'refused', code: 'line_too_long', message: 'The line is over 1 MiB.' };

/** Lets lines through that were received in the time asked for, and that their project still keeps. */
function createRangeCheck(
  { from, to, retentionDays }: Sending,
  now: number,
): (line: ReadLine) => ReadLine | { readonly kind: 'outside' } {
  const first = from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from);
  const end = to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to);
  const keptSince = now - retentionDays * dayMs;
  const code: LineRefusal = 'past_retention';
  return (line) => {
    if (line.kind === 'refused') return line;
    const at = line.at ?? now;
    if (at < first || at >= end) return { kind: 'outside' };
    if (line.event['received_at'] === undefined || at >= keptSince) return line;
    return {
      kind: 'refused',
      code,
      message: `Received over ${retentionDays} days ago: the project would not keep it.`,
    };
  };
}

function attempt<T>(run: () => T): T | Refusal {
  try {
    return run();
  } catch (cause) {
    return {
      kind: 'refused',
      code: 'unreadable',
      message: cause instanceof Error ? `${cause.message}.` : String(cause),
    };
  }
}

function toBrokenOff(refusal: Refusal, { sent }: Tally): Refusal {
  return { ...refusal, message: `${refusal.message} ${sent} events went in before; run it again to go on.` };
}

function toText({ sent, refused, outside, reasons }: Tally, isDryRun: boolean): string {
  const why = Object.entries(reasons).map(([code, count]) => `${code} ${count}`);
  return [
    isDryRun ? `${sent} events would be sent.` : `Sent ${sent} events.`,
    refused === 0 ? '' : `${refused} lines were refused: ${why.join(', ')}.`,
    outside === 0 ? '' : `${outside} lines are of another time.`,
  ]
    .filter(Boolean)
    .join(' ');
}
