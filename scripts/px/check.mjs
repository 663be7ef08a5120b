import { runQuietly } from './run-quietly.mjs';
import { packageEntry, pinnedNode } from './workspace.mjs';

/** What a change must pass beside the tests of its code, in order of cost. */
const steps = [
  { name: 'format and lint', package: '@biomejs/biome', command: 'biome', args: ['check'] },
  { name: 'types', package: 'typescript', command: 'tsc', args: ['-p', 'tsconfig.json'] },
  { name: 'types of the SDK', package: 'typescript', command: 'tsc', args: ['-p', 'sdk/tsconfig.json'] },
  { name: 'fences', package: 'dependency-cruiser', command: 'depcruise', args: ['.'] },
  { name: 'unused code', package: 'knip', command: 'knip', args: [] },
  {
    name: 'fences, settings, docs and shapes by test',
    package: 'vitest',
    command: 'vitest',
    args: ['run', 'docs/', 'scripts/', 'schemas/'],
  },
];

/** Runs every step, also after one has failed, and prints the output of those that do. Gives the exit code. */
export async function check() {
  const failed = [];
  for (const step of steps) {
    const startedAt = performance.now();
    const { code, output } = await runQuietly(pinnedNode(), [packageEntry(step.package, step.command), ...step.args]);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${step.name} (${seconds} s)`);
    if (code === 0) continue;
    failed.push(step.name);
    console.log(output.trimEnd().replaceAll(/^/gm, '    '));
  }
  console.log(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.join(', ')}.`);
  return failed.length === 0 ? 0 : 1;
}
