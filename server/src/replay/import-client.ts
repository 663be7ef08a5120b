import { batchAnswerSchema, problemBodySchema } from '@px-platform/schemas';
import type { Refusal } from '../provision/admin-client.ts';

/** What became of a batch: why events were refused, by their index. */
export interface Imported {
  readonly kind: 'imported';
  readonly rejected: readonly { readonly index: number; readonly code: string; readonly message: string }[];
}

/** What the client needs from outside. */
export interface ImportClientOptions {
  readonly url: string;
  readonly key: string;
  readonly wait: (ms: number) => Promise<unknown>;
  /** Told before it waits for a server that can't take the batch now. */
  readonly onWait: (reason: string, ms: number) => void;
}

const timeoutMs = 60_000;
const firstWaitMs = 500;
const maxWaitMs = 30_000;
/** With waits up to 30 s, some ten minutes. */
const maxTries = 25;

/**
 * Gives what sends a batch, JSON of `{events}`, until the server has answered for it: 429 and 5xx are waited out as
 * `Retry-After` says, a server that is away with growing waits. After 25 tries, and where the batch as a whole is
 * refused, it gives the refusal. The same batch may be sent twice: ids stay. Never throws.
 */
export function createImportClient(options: ImportClientOptions): (body: string) => Promise<Imported | Refusal> {
  const { url, key, wait, onWait } = options;
  return async (body) => {
    let backoffMs = firstWaitMs;
    for (let tries = 1; ; tries += 1) {
      const sent = await send(`${url}/api/v1/events/import`, key, body);
      if (sent.kind !== 'again') return sent;
      if (tries === maxTries) return { kind: 'refused', code: sent.code, message: sent.reason };
      const waitMs = sent.retryAfterMs ?? backoffMs;
      backoffMs = Math.min(backoffMs * 2, maxWaitMs);
      onWait(sent.reason, waitMs);
      await wait(waitMs);
    }
  };
}

type Sent =
  | Imported
  | Refusal
  | { readonly kind: 'again'; readonly code: string; readonly reason: string; readonly retryAfterMs: number | null };

async function send(url: string, key: string, body: string): Promise<Sent> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    return toSent(response, await response.text());
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return {
      kind: 'again',
      code: 'no_server',
      reason: `No PX server answers at ${url} (${reason}).`,
      retryAfterMs: null,
    };
  }
}

function toSent(response: Response, text: string): Sent {
  const json = parseJson(text);
  const answer = batchAnswerSchema.safeParse(json);
  if ((response.status === 202 || response.status === 400) && answer.success) {
    const rejected = answer.data.events.flatMap(({ index, error }) =>
      error === undefined ? [] : [{ index, code: error.code, message: error.message }],
    );
    return { kind: 'imported', rejected };
  }
  const problem = problemBodySchema.safeParse(json);
  const code = problem.success ? problem.data.error.code : 'not_px';
  const reason = problem.success ? problem.data.error.message : `The server answered ${response.status}.`;
  if (response.status !== 429 && response.status < 500) return { kind: 'refused', code, message: reason };
  const seconds = Number.parseFloat(response.headers.get('retry-after') ?? '');
  return { kind: 'again', code, reason, retryAfterMs: Number.isNaN(seconds) ? null : seconds * 1_000 };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
