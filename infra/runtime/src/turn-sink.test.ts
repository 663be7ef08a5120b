import { spawnSync } from 'node:child_process';
import { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createTurnSink } from './turn-sink.ts';

function collect(): { out: Writable; writes: string[] } {
  const writes: string[] = [];
  const out = new Writable({
    write(chunk, _encoding, done) {
      writes.push(String(chunk));
      done();
    },
  });
  return { out, writes };
}

it('writes the lines of a turn at once, in their order, at its end', async () => {
  const { out, writes } = collect();
  const sink = createTurnSink(out);
  sink.write('a\n');
  sink.write('b\n');
  expect(writes).toEqual([]);
  await nextTurn();
  expect(writes).toEqual(['a\nb\n']);
  sink.write('c\n');
  await nextTurn();
  expect(writes).toEqual(['a\nb\n', 'c\n']);
});

it('writes before the end of the turn what grows too long to hold', () => {
  const { out, writes } = collect();
  const sink = createTurnSink(out);
  for (let line = 0; line < 100; line += 1) sink.write(`${'x'.repeat(1_023)}\n`);
  expect(writes.join('').length).toBeGreaterThan(64 * 1024 - 1);
});

it.each([
  ['exits', 'process.exit(0)'],
  ['throws', 'throw new Error("a bug")'],
])('loses nothing where the process %s in the same turn', (_how, ending) => {
  const module = new URL('./turn-sink.ts', import.meta.url).href;
  const script = `import { createTurnSink } from '${module}'; createTurnSink(process.stdout).write('last words\\n'); ${ending}`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(stdout).toBe('last words\n');
});
