import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { peers } from './contestants.ts';
import { peersFolder } from './install-peers.ts';

const read = (name: string) => JSON.parse(readFileSync(join(peersFolder, name), 'utf8'));
const lock: { packages: Record<string, { version?: string; license?: string; resolved?: string }> } =
  read('package-lock.json');
const manifest: { dependencies: Record<string, string> } = read('package.json');

const allowed = /^(MIT|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD)$/;
/** What no tool reads: the first is free to choose, the second two at once, the others' LICENSE files hold the MIT text. */
const readByHand: Record<string, string> = {
  dompurify: '(MPL-2.0 OR Apache-2.0)',
  'posthog-js': '(Apache-2.0 AND MIT)',
  '@segment/facade': 'SEE LICENSE IN LICENSE',
  '@segment/isodate': 'SEE LICENSE IN LICENSE',
  '@segment/isodate-traverse': 'SEE LICENSE IN LICENSE',
  'new-date': 'SEE LICENSE IN LICENSE',
};

test('all that is installed to compare with has a licence that binds nobody', () => {
  const installed = Object.entries(lock.packages).filter(([path]) => path !== '');
  expect(installed.length).toBeGreaterThan(peers.length);
  const refused = installed.filter(([path, { license = 'none' }]) => {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    return !allowed.test(license) && readByHand[name] !== license;
  });
  expect(refused).toEqual([]);
});

test('the lockfile names no host, and what it pins is what is measured', () => {
  expect(Object.values(lock.packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
  const measured = peers.map(({ packageName }) => packageName).sort();
  expect(Object.keys(manifest.dependencies).sort()).toEqual(measured);
  const pinned = measured.map((name) => lock.packages[`node_modules/${name}`]?.version);
  expect(pinned).toEqual(measured.map((name) => manifest.dependencies[name ?? '']));
});
