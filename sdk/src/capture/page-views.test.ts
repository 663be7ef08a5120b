import { afterEach, beforeEach, expect, test, vi } from 'vitest';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000 });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** Starts the capture over a history of the test's. */
async function setUp(pageKey?: 'path' | 'query' | 'hash', pushState?: History['pushState']) {
  const page = new EventTarget();
  const location = { href: '', pathname: '', search: '', hash: '' };
  const go = (path: unknown) => {
    const { href, pathname, search, hash } = new URL(String(path), location.href || 'https://a.example/');
    Object.assign(location, { href, pathname, search, hash });
  };
  go('/');
  const history: Pick<History, 'pushState' | 'replaceState'> = {
    pushState: pushState ?? ((_data, _unused, url) => go(url)),
    replaceState: (_data, _unused, url) => go(url),
  };
  vi.stubGlobal('location', location);
  vi.stubGlobal('history', history);
  vi.stubGlobal('window', Object.assign(page, { setTimeout }));
  vi.resetModules();
  const { capturePageViews } = await import('./page-views.ts');
  const { setClock } = await import('../clock.ts');
  setClock();
  const views: [at: number, from: string, to: string][] = [];
  const settle = capturePageViews(
    pageKey,
    () => {},
    (at, from) => views.push([at, new URL(from).pathname, location.pathname + location.search + location.hash]),
  );
  const later = () => vi.advanceTimersByTime(1);
  const push = (path: string) => {
    history.pushState(null, '', path);
    later();
  };
  const replace = (path: string) => {
    history.replaceState(null, '', path);
    later();
  };
  const pop = (path: string) => {
    go(path);
    page.dispatchEvent(new Event('popstate'));
    later();
  };
  return { history, push, replace, pop, views, settle, to: () => views.map(([, , to]) => to) };
}

/** Push, replace of the same, query, fragment, back, back. */
function walk({ push, replace, pop }: Awaited<ReturnType<typeof setUp>>): void {
  push('/a');
  replace('/a');
  push('/a?x=1');
  pop('/a?x=1#part');
  pop('/a');
  pop('/');
}

test.each<['path' | 'query' | 'hash' | undefined, string[]]>([
  [undefined, ['/a', '/']],
  ['path', ['/a', '/']],
  ['query', ['/a', '/a?x=1', '/a', '/']],
  ['hash', ['/a', '/a?x=1', '/a?x=1#part', '/a', '/']],
])('by %s, a walk through the history is so many pages', async (pageKey, pages) => {
  const page = await setUp(pageKey);
  walk(page);
  expect(page.to()).toEqual(pages);
});

test('a replaced path is a page, a replaced query is none, whatever the key', async () => {
  const { replace, to } = await setUp('hash');
  replace('/?sort=up');
  replace('/b?sort=up');
  replace('/b#part');
  expect(to()).toEqual(['/b?sort=up']);
});

test('one task is one navigation, at the time it began, from the address before', async () => {
  const { history, views } = await setUp();
  vi.advanceTimersByTime(500);
  history.pushState(null, '', '/a');
  history.replaceState(null, '', '/b');
  vi.advanceTimersByTime(500);
  expect(views).toEqual([[1_500, '/', '/b']]);
});

test('a page that goes in the same task tells its navigation', async () => {
  const { history, settle, to } = await setUp();
  history.pushState(null, '', '/a');
  settle();
  expect(to()).toEqual(['/a']);
});

test('keeps what the page and its routers gave pushState, and its errors', async () => {
  const given: unknown[] = [];
  const { history } = await setUp('path', function (this: unknown, ...args: unknown[]) {
    given.push(this, ...args);
    if (args[2] === '/no') throw new Error('SecurityError');
  });
  history.pushState({ state: 1 }, '', '/a');
  expect(given).toEqual([history, { state: 1 }, '', '/a']);
  expect(() => history.pushState(null, '', '/no')).toThrow('SecurityError');
});
