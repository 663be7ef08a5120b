import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fullEffort, quickEffort } from './measure/measurement.ts';
import { measurements, profiles } from './measurements.ts';
import { watchOthers } from './processes/watch-others.ts';
import type { Section } from './report/section.ts';
import { toMarkdown } from './report/to-markdown.ts';
import { writeBenchmarks } from './report/write-benchmarks.ts';

const usage = `usage: npm run bench -- [--quick] [--only ${Object.keys({ ...measurements, ...profiles }).join('|')}] [--write]`;

/** Measures one thing after another, prints the tables; with --write puts them into docs/benchmarks.md too. */
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    write: { type: 'boolean', default: false },
  },
});
// An exit takes along what was started.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const chosen = values.only ?? Object.keys(measurements);
const effort = values.quick ? quickEffort : fullEffort;
const startedAt = performance.now();
const tellOthers = watchOthers();
const sections: Section[] = [];

for (const name of chosen) {
  const measure = measurements[name] ?? profiles[name];
  if (measure === undefined) {
    console.error(`There is no measurement "${name}".\n${usage}`);
    process.exit(2);
  }
  console.log(`${name} …`);
  sections.push(...(await measure(effort, (line) => console.log(`  ${line}`))));
}

const tables = `${toMachine()}\n\n${toMarkdown(sections)}`;
console.log(`\n${tables}`);
if (values.write) writeBenchmarks(fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url)), tables);

function toMachine(): string {
  const { processes01, host01 } = tellOthers();
  const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1);
  return (
    `Measured on ${new Date().toISOString().slice(0, 10)} in ${minutes} min: ${availableParallelism()} cores of ` +
    `${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.version}, generator and servers on the same cores. ` +
    `Other processes took ${toPercent(processes01)} of the cores' time and the host of this virtual machine ` +
    `${toPercent(host01)} meanwhile, from the figures and from their limits alike.`
  );
}

function toPercent(share01: number): string {
  return `${Math.round(share01 * 100)} %`;
}
