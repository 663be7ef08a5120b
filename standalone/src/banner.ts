/** What a person needs to know after a start. */
export interface BannerFacts {
  readonly url: string;
  readonly dataDir: string;
  readonly readyMs: number;
  readonly demo: { readonly apiKey: string; readonly projectId: string } | null;
}

/** Gives the lines printed after a start: the demo's address, the key, one curl line, where the data lies. */
export function toBanner({ url, dataDir, readyMs, demo }: BannerFacts): string {
  const lines = ['', `PX is ready after ${(readyMs / 1_000).toFixed(1)} s.`, ''];
  if (demo !== null) {
    lines.push(
      `  Demo site   ${url}/`,
      `  Key         ${demo.apiKey}   (browser key of project ${demo.projectId})`,
      `  Data        ${dataDir}`,
      '',
      '  Send an event:',
      '',
      `  curl -X POST ${url}/api/v1/events -H 'Authorization: Bearer ${demo.apiKey}' -H 'Content-Type: application/json' -d '{"event":"hello","anonymous_id":"me"}'`,
    );
  } else {
    lines.push(`  Address     ${url}/`, `  Data        ${dataDir}`);
  }
  return `${lines.join('\n')}\n\n  Ctrl-C stores what waits and ends.\n\n`;
}
