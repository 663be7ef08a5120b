import { expect, test } from 'vitest';
import { createFakeTime } from '../../test/fake-time.ts';
import { capturePageViews, type PageView } from './page-views.ts';

function setUp() {
  const time = createFakeTime(1_000);
  const location = { href: '', pathname: '', search: '' };
  const go = (path: unknown) => {
    const url = new URL(String(path), location.href || 'https://a.example/');
    Object.assign(location, { href: url.href, pathname: url.pathname, search: url.search });
  };
  go('/');
  let pop = () => {};
  const history: Pick<History, 'pushState' | 'replaceState'> = {
    pushState: (_data, _unused, url) => go(url),
    replaceState: (_data, _unused, url) => go(url),
  };
  const views: PageView[] = [];
  const open = () =>
    capturePageViews({
      source: {
        location,
        history,
        addEventListener: (_, listener) => {
          pop = listener;
        },
      },
      clock: time.clock,
      after: time.after,
      onView: (view) => views.push(view),
    });
  const back = (path: string) => {
    go(path);
    pop();
  };
  return { time, history, back, open, views, previous: () => views.map(({ previousUrl }) => previousUrl) };
}

test('reports the load, then each change of path or query, with the address before', async () => {
  const { time, history, back, open, previous } = setUp();
  open();
  history.pushState(null, '', '/a');
  await time.advance(1);
  history.pushState(null, '', '/a?x=1');
  await time.advance(1);
  back('/a?x=1#part');
  await time.advance(1);
  back('/a');
  await time.advance(1);
  expect(previous()).toEqual([null, 'https://a.example/', 'https://a.example/a', 'https://a.example/a?x=1#part']);
});

test('one task is one navigation, at the time it began', async () => {
  const { time, history, open, views } = setUp();
  open();
  await time.advance(500);
  history.pushState(null, '', '/a');
  history.replaceState(null, '', '/b');
  await time.advance(500);
  expect(views.map(({ at }) => at)).toEqual([1_000, 1_500]);
});

test('a replaced query does not count, a replaced path does', async () => {
  const { time, history, open, views } = setUp();
  open();
  history.replaceState(null, '', '/?sort=up');
  await time.advance(1);
  expect(views).toHaveLength(1);
  history.replaceState(null, '', '/a');
  await time.advance(1);
  expect(views).toHaveLength(2);
});

test('a page that goes reports what waits, once', async () => {
  const { time, history, open, views } = setUp();
  const capture = open();
  history.pushState(null, '', '/a');
  capture.settle();
  await time.advance(1);
  expect(views).toHaveLength(2);
  capture.restored();
  expect(views.at(-1)?.previousUrl).toBeNull();
});

test('wraps the history once for two copies of the SDK, and keeps its this and its errors', async () => {
  const { time, history, open, views } = setUp();
  open();
  const wrapped = history.pushState;
  open();
  expect(history.pushState).toBe(wrapped);
  history.pushState(null, '', '/a');
  await time.advance(1);
  expect(views).toHaveLength(4);
  expect(() => history.pushState(null, '', 'https://:bad')).toThrow('Invalid URL');
});
