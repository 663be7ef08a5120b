import { keyLimits } from '@px-platform/schemas/limits';
import type { BufferLimits } from './buffer.ts';

/** What `init` was told, checked and completed. */
export interface Settings {
  readonly apiKey: string;
  readonly projectId: string;
  /** Without a slash at its end; null means the page's origin. */
  readonly endpoint: string | null;
  readonly capturesPageViews: boolean;
  readonly capturesClicks: boolean;
  readonly limits: BufferLimits;
  readonly onDiagnostic: ((message: string, detail?: unknown) => void) | null;
}

/** Reads what a page gave to `init`, or says what is wrong with it. May throw where the page's object does. */
export function parseSettings(options: unknown): Settings | { readonly problems: string[] } {
  const given = toBag(options);
  const { apiKey, projectId, endpoint, autocapture, onDiagnostic } = given;
  const problems: string[] = [];
  if (typeof apiKey !== 'string' || apiKey === '') problems.push('apiKey must be the project\'s key, "px_pub_..."');
  if (typeof projectId !== 'string' || projectId === '') problems.push("projectId must be the project's id");
  if (endpoint !== undefined && !(typeof endpoint === 'string' && /^https?:\/\/./.test(endpoint))) {
    problems.push('endpoint must be an address such as "https://px.example.com"');
  }
  if (problems.length > 0) return { problems };
  const capture = toBag(autocapture);
  const flush = toBag(given['flush']);
  return {
    apiKey: String(apiKey),
    projectId: String(projectId),
    endpoint: typeof endpoint === 'string' ? endpoint.replace(/\/+$/, '') : null,
    capturesPageViews: autocapture !== false && capture['pageViews'] !== false,
    capturesClicks: autocapture !== false && capture['clicks'] !== false,
    limits: {
      maxEvents: within(flush['maxEvents'], { least: 1, most: keyLimits.pub.maxEventsPerBatch, otherwise: 20 }),
      maxBytes: within(flush['maxBytes'], { least: 1_000, most: 60_000, otherwise: 30_000 }),
      maxWaitMs: within(flush['maxWaitMs'], { least: 0, most: 3_600_000, otherwise: 2_000 }),
    },
    onDiagnostic: typeof onDiagnostic === 'function' ? (message, detail) => onDiagnostic(message, detail) : null,
  };
}

interface Bag {
  readonly [key: string]: unknown;
  readonly apiKey?: unknown;
  readonly projectId?: unknown;
  readonly endpoint?: unknown;
  readonly autocapture?: unknown;
  readonly onDiagnostic?: unknown;
}

function toBag(value: unknown): Bag {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function within(value: unknown, bounds: { least: number; most: number; otherwise: number }): number {
  if (typeof value !== 'number' || Number.isNaN(value)) return bounds.otherwise;
  return Math.min(bounds.most, Math.max(bounds.least, value));
}
