import type { QueueStatus } from '@px-platform/schemas';

/** Gives how many records wait in the log, null where the server does not say. Never throws. */
export async function readDepth(url: string, apiKey: string): Promise<number | null> {
  try {
    const response = await fetch(`${url}/api/v1/events/queue/status`, {
      headers: { 'X-API-Key': apiKey },
      signal: AbortSignal.timeout(5_000),
    });
    return response.ok ? ((await response.json()) as QueueStatus).depth : null;
  } catch {
    return null;
  }
}
