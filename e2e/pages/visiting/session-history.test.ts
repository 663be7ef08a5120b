import { expect, test } from 'vitest';
import { createSessionHistory, type Move } from './session-history.ts';

const at = (path: string) => new URL(path, 'http://site.example');

/** Plays moves from `/` and gives `path load? view?` of each. */
function play(moves: readonly Move[], seesRewrites = true): string[] {
  const history = createSessionHistory(at('/'), seesRewrites);
  return moves.map((move) => {
    const { url, isLoad, isView } = history.apply(move);
    return [url.href.slice(at('/').origin.length), isLoad && 'load', isView && 'view'].filter(Boolean).join(' ');
  });
}

test('another path is another page, another query or fragment is none', () => {
  expect(
    play([
      { kind: 'push', to: at('/a') },
      { kind: 'push', to: at('/a?x') },
      { kind: 'push', to: at('/a?x#y') },
      { kind: 'replace', to: at('/a?z') },
      { kind: 'replace', to: at('/b') },
      { kind: 'traverse', by: -1 },
      { kind: 'traverse', by: -2 },
      { kind: 'traverse', by: 3 },
    ]),
  ).toEqual(['/a view', '/a?x', '/a?x#y', '/a?z', '/b view', '/a?x view', '/ view', '/b view']);
});

test('a load is a page, wherever it leads, and so is the way back over it', () => {
  expect(
    play([
      { kind: 'open', to: at('/?x') },
      { kind: 'traverse', by: -1 },
      { kind: 'reload' },
      { kind: 'open', to: at('/') },
      { kind: 'traverse', by: 1 },
    ]),
  ).toEqual(['/?x load view', '/ load view', '/ load view', '/ load view', '/?x load view']);
});

test('what one is at adds no entry, and a push throws the way forward away', () => {
  const history = createSessionHistory(at('/'), true);
  history.apply({ kind: 'push', to: at('/a') });
  history.apply({ kind: 'push', to: at('/a') });
  expect(history.apply({ kind: 'traverse', by: -1 }).url.pathname).toBe('/');
  history.apply({ kind: 'push', to: at('/b') });
  expect(history.canTraverse(1)).toBe(false);
});

test('entries of a reloaded document are still walked without a load', () => {
  expect(play([{ kind: 'push', to: at('/a') }, { kind: 'reload' }, { kind: 'traverse', by: -1 }])).toEqual([
    '/a view',
    '/a load view',
    '/ view',
  ]);
});

test('a router that was not told of an address replaces it when sent to where it thinks it is', () => {
  const moves: Move[] = [
    { kind: 'push', to: at('/a') },
    { kind: 'rewrite', to: at('/a?x') },
    { kind: 'push', to: at('/a') },
    { kind: 'traverse', by: -1 },
  ];
  expect(play(moves, false).at(-1)).toBe('/ view');
  expect(play(moves, true).at(-1)).toBe('/a?x');
});

test('another site is no page of this one', () => {
  const elsewhere = new URL('http://elsewhere.example/');
  expect(play([{ kind: 'open', to: elsewhere }])[0]).not.toContain('view');
  const history = createSessionHistory(at('/'), true);
  history.apply({ kind: 'open', to: elsewhere });
  history.apply({ kind: 'traverse', by: -1 });
  expect(history.canTraverse(1)).toBe(false);
});
