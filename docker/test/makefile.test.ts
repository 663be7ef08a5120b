import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readText } from './read-yaml.ts';

const text = readText('Makefile');
const verbs = [...text.matchAll(/^([a-z-]+):.*## \S/gm)].map(([, verb = '']) => verb);

it('has the verbs that people expect, each with a line of help', () => {
  expect(verbs).toEqual(expect.arrayContaining(['help', 'up', 'down', 'logs', 'provision', 'test', 'bench']));
  const [, phony = ''] = /^\.PHONY: (.+)$/m.exec(text) ?? [];
  expect(phony.split(' ').sort()).toEqual(verbs.toSorted());
  expect([...text.matchAll(/^[a-z-]+:/gm)]).toHaveLength(verbs.length);
});

it('names only files, stages, services and npm scripts that are there', () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(readText('package.json'));
  const npm = [...text.matchAll(/npm (?:run )?(\w+)/g)].map(([, script = '']) => script);
  expect(npm.filter((script) => !(script in scripts))).toEqual([]);
  const files = [...text.matchAll(/(?:--file|node) (\S+)/g)].map(([, path = '']) => path);
  expect(files.filter((path) => !existsSync(new URL(`../../${path}`, import.meta.url)))).toEqual([]);
  const stages = [...text.matchAll(/--target (\S+)/g)].map(([, stage = '']) => stage);
  expect(stages.filter((stage) => !readText('docker/Dockerfile').includes(` AS ${stage}\n`))).toEqual([]);
  const lines = [
    ...text.matchAll(/\$\((COMPOSE|STAGING)\) (?:logs.*|run --rm|exec|up.*300) ((?:(?!node)[a-z]+(?:-\d)?\b ?)+)/g),
  ];
  for (const [, file, services = ''] of lines) {
    const path = file === 'COMPOSE' ? 'docker/compose.yml' : 'docker/compose.staging.yml';
    const missing = services
      .trim()
      .split(' ')
      .filter((service) => !readText(path).includes(`\n  ${service}:\n`));
    expect(missing, path).toEqual([]);
  }
  expect(lines.length).toBeGreaterThan(2);
});
