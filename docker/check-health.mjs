// The images' HEALTHCHECK: `node check-health.mjs URL` ends with 0 where the answer is 200. The slim image has no curl.
const [url = ''] = process.argv.slice(2);
const timeoutMs = 4_000;

try {
  const { status } = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (status !== 200) throw new Error(`${url} answered ${status}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
