/** What a router read out of the path, by name; a catch-all as one text with slashes, or as its segments. */
export type RouteParams = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Gives the route that a path was matched by, in one spelling for all routers: `/users/42` with `{ id: '42' }` gives
 * `/users/:id`, a catch-all `/docs/:slug*`. The last segment that fits a parameter is taken for it. Never throws.
 */
export function toRoute(path: string, params: RouteParams): string {
  const segments = path.split('/');
  // Backwards: routers give parameters in the order of the path, and equal values are then told apart.
  for (const [name, value] of Object.entries(params).reverse()) {
    const parts = typeof value === 'string' ? value.split('/') : (value ?? []);
    const at = parts.join('') === '' ? -1 : findLast(segments, parts);
    const isMany = name === '*' || typeof value !== 'string' || parts.length > 1;
    if (at >= 0) segments.splice(at, parts.length, name === '*' ? '*' : `:${name}${isMany ? '*' : ''}`);
  }
  return segments.join('/');
}

function findLast(segments: readonly string[], parts: readonly string[]): number {
  for (let at = segments.length - parts.length; at >= 0; at -= 1) {
    // Next.js gives parameters as they stand in the path, React Router decodes them.
    const isHere = (part: string, segment = '') => part === segment || part === decode(segment);
    if (parts.every((part, index) => isHere(part, segments[at + index]))) return at;
  }
  return -1;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
