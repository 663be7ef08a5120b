import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type RouteParams, toRoute } from './to-route.ts';

it.each<[string, RouteParams, string]>([
  ['/', {}, '/'],
  ['/about', {}, '/about'],
  ['/users/42', { id: '42' }, '/users/:id'],
  ['/users/users', { id: 'users' }, '/users/:id'],
  ['/org/1/user/1', { org: '1', user: '1' }, '/org/:org/user/:user'],
  ['/files/a/b', { '*': 'a/b' }, '/files/*'],
  ['/files/', { '*': '' }, '/files/'],
  ['/docs/a/b', { slug: ['a', 'b'] }, '/docs/:slug*'],
  ['/docs/a', { slug: ['a'] }, '/docs/:slug*'],
  ['/teas/earl%20grey', { slug: 'earl grey' }, '/teas/:slug'],
  ['/teas/earl%20grey', { slug: 'earl%20grey' }, '/teas/:slug'],
  ['/teas/100%', { slug: '100%' }, '/teas/:slug'],
  ['/shop', { locale: undefined }, '/shop'],
  ['/shop', { id: 'elsewhere' }, '/shop'],
])('%s with %o is %s', (path, params, route) => {
  expect(toRoute(path, params)).toBe(route);
});

it('never throws, and leaves no value of a parameter that filled a segment', () => {
  const word = fc.string({ minLength: 1 }).filter((text) => !text.includes('/') && text !== ':id' && text !== 'users');
  fc.assert(
    fc.property(word, (id) => {
      expect(toRoute(`/users/${encodeURIComponent(id)}`, { id })).toBe('/users/:id');
    }),
  );
});
