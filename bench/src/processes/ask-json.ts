/** Asks our own server, whose tests hold its answers to their shape: posts `body` where there is one. Throws a refusal with its text. */
export async function askJson<T = Record<string, unknown>>(
  url: string,
  { key, body, method = body === undefined ? 'GET' : 'POST' }: { key?: string; body?: object; method?: string } = {},
): Promise<T> {
  const answer = await fetch(url, {
    method,
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}
