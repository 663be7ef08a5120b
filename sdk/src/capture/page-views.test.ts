import { beforeEach, expect, test, vi } from 'vitest';
import { createTestGround } from '../../test/test-ground.ts';
import { capturePageViews } from './page-views.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000 });
});

function setUp(pageKey?: string) {
  const ground = createTestGround();
  const location = { href: '', pathname: '', search: '', hash: '' };
  const go = (path: unknown) => {
    const { href, pathname, search, hash } = new URL(String(path), location.href || 'https://a.example/');
    Object.assign(location, { href, pathname, search, hash });
  };
  go('/');
  const history: Pick<History, 'pushState' | 'replaceState'> = {
    pushState: (_data, _unused, url) => go(url),
    replaceState: (_data, _unused, url) => go(url),
  };
  const views: [at: number, from: string, to: string][] = [];
  const settle = capturePageViews(ground, Object.assign(new EventTarget(), { location, history }), {
    pageKey,
    onMove: () => {},
    onView: (at, from) => views.push([at, new URL(from).pathname, location.pathname + location.search + location.hash]),
  });
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
    ground.fire('popstate');
    later();
  };
  return { history, push, replace, pop, views, settle, to: () => views.map(([, , to]) => to) };
}

/** Push, replace of the same, query, fragment, back, back. */
function walk({ push, replace, pop }: ReturnType<typeof setUp>): void {
  push('/a');
  replace('/a');
  push('/a?x=1');
  pop('/a?x=1#part');
  pop('/a');
  pop('/');
}

test.each([
  [undefined, ['/a', '/']],
  ['path', ['/a', '/']],
  ['query', ['/a', '/a?x=1', '/a', '/']],
  ['hash', ['/a', '/a?x=1', '/a?x=1#part', '/a', '/']],
])('by %s, a walk through the history is so many pages', (pageKey, pages) => {
  const page = setUp(pageKey);
  walk(page);
  expect(page.to()).toEqual(pages);
});

test('a replaced path is a page, a replaced query is none, whatever the key', () => {
  const { replace, to } = setUp('hash');
  replace('/?sort=up');
  replace('/b?sort=up');
  replace('/b#part');
  expect(to()).toEqual(['/b?sort=up']);
});

test('one task is one navigation, at the time it began, from the address before', () => {
  const { history, views } = setUp();
  vi.advanceTimersByTime(500);
  history.pushState(null, '', '/a');
  history.replaceState(null, '', '/b');
  vi.advanceTimersByTime(500);
  expect(views).toEqual([[1_500, '/', '/b']]);
});

test('a page that goes in the same task tells its navigation', () => {
  const { history, settle, to } = setUp();
  history.pushState(null, '', '/a');
  settle();
  expect(to()).toEqual(['/a']);
});

test('keeps what the page and its routers gave pushState, and its errors', () => {
  const given: unknown[] = [];
  const history = {
    pushState(this: unknown, ...args: unknown[]) {
      given.push(this, ...args);
      if (args[2] === '/no') throw new Error('SecurityError');
    },
    replaceState: () => {},
  };
  const source = Object.assign(new EventTarget(), {
    location: { href: 'https://a.example/', pathname: '/', search: '', hash: '' },
    history,
  });
  capturePageViews(createTestGround(), source, { pageKey: undefined, onMove: () => {}, onView: () => {} });
  history.pushState({ state: 1 }, '', '/a');
  expect(given).toEqual([history, { state: 1 }, '', '/a']);
  expect(() => history.pushState(null, '', '/no')).toThrow('SecurityError');
});
