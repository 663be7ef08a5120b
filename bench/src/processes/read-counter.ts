/** Gives the sum of a counter or gauge over those of its series that have these labels, from a page of Prometheus text; 0 where it has none. */
export async function readCounter(
  metricsUrl: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number> {
  // A process that was frozen meanwhile closes connections that stood idle just when they are used.
  const text = await (await fetch(metricsUrl, { headers: { connection: 'close' } })).text();
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  let sum = 0;
  for (const line of text.split('\n')) {
    const isOfName = line.startsWith(`${name} `) || line.startsWith(`${name}{`);
    if (isOfName && wanted.every((label) => line.includes(label))) sum += Number(line.slice(line.lastIndexOf(' ')));
  }
  return sum;
}
