import { problemStatus } from '@px-platform/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allWays, findProvocation, send, toGood } from './provoke.ts';
import { checkAnswer, findMisfit, readOperations } from './the-document.ts';
import { startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

const operations = readOperations();

describe('docs/openapi.json: each status and code that is listed is shown by an answer, and none that is not', () => {
  it.each(operations)('$name', async (operation) => {
    const mistakes: string[] = [];
    // Half a body is for those that take one.
    const ways = allWays.filter((way) => operation.body !== null || way !== '408 request_timeout');
    for (const wanted of new Set([...operation.cases, ...ways])) {
      const provoke = findProvocation(wanted, operation);
      if (provoke === undefined) {
        mistakes.push(`${wanted}: nothing shows it; add a way to provoke.ts`);
        continue;
      }
      const answer = await provoke(world, operation);
      const { case: shown, misfits } = checkAnswer(operation, answer);
      const isListed = operation.cases.includes(wanted);
      if (isListed ? shown !== wanted : !operation.cases.includes(shown)) {
        mistakes.push(`${wanted}: answered ${shown} ${answer.text.slice(0, 200)}`);
      }
      mistakes.push(...misfits.map((misfit) => `${wanted}: ${misfit}`));
    }
    expect(mistakes).toEqual([]);
  });
});

describe('docs/openapi.json', () => {
  it('lists every code of the closed list, but those that any path may answer', () => {
    const listed = new Set(operations.flatMap(({ cases }) => cases.map((one) => one.split(' ')[1])));
    expect(Object.keys(problemStatus).filter((code) => !listed.has(code))).toEqual([
      'method_not_allowed',
      'headers_too_large',
    ]);
  });

  it('tells that a path takes no other method', async () => {
    for (const { path } of operations) {
      const operation = operations.find((one) => one.path === path);
      if (operation === undefined) continue;
      const good = await toGood(world, operation);
      const answer = await send(world, { ...operation, method: 'PROPFIND' }, { ...good, body: null });
      expect([path, answer.status, findMisfit('/components/schemas/Problem', JSON.parse(answer.text))]).toEqual([
        path,
        405,
        '',
      ]);
      expect(answer.headers.get('allow')).toContain(operation.method);
    }
  });

  it('tells what a line of an export looks like', async () => {
    const operation = operations.find(({ path }) => path === '/api/v1/export/events');
    if (operation === undefined) throw new Error('the export is not listed');
    const { text } = await send(world, operation, await toGood(world, operation));
    const lines = text.trimEnd().split('\n');
    expect(lines.map((line) => findMisfit('/components/schemas/Row', JSON.parse(line)))).toEqual(['']);
  });
});
