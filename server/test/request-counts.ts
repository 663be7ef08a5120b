/** Answers by `<status> <outcome>`, as `px_http_requests_total` counts them over all routes. */
export type RequestCounts = Readonly<Record<string, number>>;

/** Reads the counter from a server's `/metrics`; that request itself counts once it is answered. */
export async function readRequestCounts(url: string): Promise<RequestCounts> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const counts: Record<string, number> = {};
  for (const [, status, outcome, count] of text.matchAll(
    /^px_http_requests_total\{.*status="(\d+)",outcome="(\w+)"\} (\d+)$/gm,
  )) {
    const key = `${status} ${outcome}`;
    counts[key] = (counts[key] ?? 0) + Number(count);
  }
  return counts;
}

/** What was counted between two readings, but for answers of 200. */
export function toGrowth(before: RequestCounts, after: RequestCounts): RequestCounts {
  const grown = Object.entries(after).map(([key, count]) => [key, count - (before[key] ?? 0)] as const);
  return Object.fromEntries(grown.filter(([key, count]) => count > 0 && key !== '200 ok'));
}
