import { expect, test } from 'vitest';
import { findSourceByHost, findSourceByName } from './find-source.ts';
import { aiAssistants } from './sources/ai-assistants.ts';
import { mailServices } from './sources/mail-services.ts';
import { isPaymentPage } from './sources/payment-pages.ts';
import { searchEngines } from './sources/search-engines.ts';
import { socialNetworks } from './sources/social-networks.ts';

const all = [...searchEngines, ...socialNetworks, ...mailServices, ...aiAssistants];

test('gives each host and each name to one place', () => {
  for (const words of [all.flatMap(({ names }) => [...names]), all.flatMap(({ hosts }) => [...hosts])]) {
    expect(words.filter((word, at) => words.indexOf(word) !== at)).toEqual([]);
    expect(words.filter((word) => !/^[a-z0-9_.-]+(?:\.\*)?$/.test(word))).toEqual([]);
  }
  expect(all.filter(({ names, hosts }) => names[0] === '' || hosts.length === 0)).toEqual([]);
});

test('finds each place by its own hosts and names', () => {
  for (const source of all) {
    for (const name of source.names) expect(findSourceByName(name), name).toBe(source);
    for (const host of source.hosts) {
      const some = host.replace('.*', '.fr');
      expect(findSourceByHost(some), some).toBe(source);
      expect(findSourceByHost(`www.${some}`), some).toBe(source);
    }
  }
});

test('takes no page where people pay for a place that sends visitors', () => {
  expect(all.flatMap(({ hosts }) => hosts.filter((host) => isPaymentPage(host)))).toEqual([]);
});
