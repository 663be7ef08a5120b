import { z } from 'zod';

const timeoutMs = 10_000;
const problemSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/**
 * The server did not do it: `message` is for a person and says what to do next, `code` for a program. That is the server's
 * own, or `no_server` where none answers, `not_px` where another program does.
 */
export interface Refusal {
  readonly kind: 'refused';
  readonly code: string;
  readonly message: string;
}

/** What the server answered, in the shape asked for. */
export interface Answer<T> {
  readonly kind: 'answer';
  readonly body: T;
}

/** One call of the admin API; `path` stands under `/admin/v1`. */
export interface AdminCall<T> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: object;
  readonly answer: z.ZodType<T>;
}

/** Speaks to the admin API over HTTP. */
export interface AdminClient {
  send<T>(call: AdminCall<T>): Promise<Answer<T> | Refusal>;
}

/** Builds a client; a server that is away, slow (10 s) or not PX is a refusal. Never throws. */
export function createAdminClient({ url, token }: { url: string; token: string }): AdminClient {
  return {
    async send({ method, path, body, answer }) {
      const received = await receive(`${url}/admin/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (received.kind === 'away') {
        return refuse('no_server', `No PX server answers at ${url} (${received.reason}). ${startIt}`);
      }
      const problem = problemSchema.safeParse(received.body);
      if (problem.success) return refuse(problem.data.error.code, toAdvice(problem.data.error, url));
      const parsed = answer.safeParse(received.body);
      return parsed.success
        ? { kind: 'answer', body: parsed.data }
        : refuse(
            'not_px',
            `What answers at ${url} is no PX server of this version (status ${received.status}). ${startIt}`,
          );
    },
  };
}

const startIt = 'Start it with npm start, or set PX_URL to where it runs.';

type Received =
  | { readonly kind: 'received'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'away'; readonly reason: string };

async function receive(url: string, init: RequestInit): Promise<Received> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) });
    return { kind: 'received', status: response.status, body: parseJson(await response.text()) };
  } catch (cause) {
    return { kind: 'away', reason: toReason(cause) };
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** `fetch` says only "fetch failed": what failed is its cause. */
function toReason(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const { cause } = thrown;
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message;
  return thrown.message;
}

function toAdvice(error: { code: string; message: string }, url: string): string {
  if (error.code !== 'invalid_token') return error.message;
  return `The server at ${url} does not take this admin token. Set PX_ADMIN_TOKEN to its token, or DATA_DIR to its data folder.`;
}

function refuse(code: string, message: string): Refusal {
  return { kind: 'refused', code, message };
}
