import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const tasks: (() => void)[] = [];
beforeEach(() => {
  vi.resetModules();
  tasks.length = 0;
  vi.stubGlobal('window', { setTimeout: (run: () => void) => tasks.push(run) });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

async function setUp() {
  const done: string[] = [];
  const later = await import('./later.ts');
  const runTask = () => tasks.shift()?.();
  return { ...later, done, runTask, step: (name: string) => () => void done.push(name) };
}

test('does each step in a task of its own, in order, what a step leaves behind it last', async () => {
  const { doLater, done, runTask, step } = await setUp();
  doLater(() => {
    done.push('a');
    doLater(step('c'));
  });
  doLater(step('b'));
  expect(done).toEqual([]);
  runTask();
  expect(done).toEqual(['a']);
  runTask();
  expect(done).toEqual(['a', 'b']);
  runTask();
  expect(done).toEqual(['a', 'b', 'c']);
});

test('does at once what cannot wait, each step once, whatever one throws', async () => {
  const { doLater, catchUp, done, runTask, step } = await setUp();
  doLater(() => {
    throw new Error('storage');
  });
  doLater(() => doLater(step('b')));
  doLater(step('a'));
  catchUp();
  expect(done).toEqual(['a', 'b']);
  while (tasks[0]) runTask();
  expect(done).toEqual(['a', 'b']);
});
