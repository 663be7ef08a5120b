import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fullEffort, quickEffort } from './measure/measurement.ts';
import { extras, type Group, groups } from './measurements.ts';
import { watchOthers } from './processes/watch-others.ts';
import type { Section } from './report/section.ts';
import { toMarkdown } from './report/to-markdown.ts';
import { writeBenchmarks } from './report/write-benchmarks.ts';

const all: Group = {
  ...groups.ingest,
  ...groups.server,
  ...groups.pipeline,
  ...groups.query,
  ...groups.kafka,
  ...groups.sdk,
  ...extras,
};
const usage = `usage: npm run bench -- [--quick] [--write] [--events n] [ingest|server|pipeline|query|kafka|sdk|${Object.keys(extras).join('|')}] [--only ${Object.keys(all).join('|')}]`;

/** Measures one thing after another, prints the tables; with --write puts them into docs/benchmarks.md too. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    write: { type: 'boolean', default: false },
    // Sizes of the stores that `query` asks; 50000000 where disk and time allow.
    events: { type: 'string', multiple: true, default: [] },
  },
});
// An exit takes along what was started.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const asked = [...positionals, ...values.only];
const chosen = (asked.length === 0 ? ['ingest', 'server'] : asked).flatMap((name) => {
  const group = new Map<string, Group>(Object.entries(groups)).get(name);
  return group === undefined ? [name] : Object.keys(group);
});
for (const name of chosen) {
  if (Object.hasOwn(all, name)) continue;
  console.error(`There is no measurement "${name}".\n${usage}`);
  process.exit(2);
}
const events = values.events.map(Number);
if (events.some((count) => !Number.isSafeInteger(count) || count < 1)) {
  console.error(`--events takes a number of events.\n${usage}`);
  process.exit(2);
}
const known = values.quick ? quickEffort : fullEffort;
const effort = events.length === 0 ? known : { ...known, queryEvents: events };
const startedAt = performance.now();
const tellOthers = watchOthers();
const sections = new Map<string, readonly Section[]>();

for (const name of chosen) {
  console.log(`${name} …`);
  sections.set(name, (await all[name]?.(effort, (line) => console.log(`  ${line}`))) ?? []);
}

const machine = toMachine();
console.log(`\n${machine}\n\n${toMarkdown([...sections.values()].flat())}`);
if (values.write) {
  const file = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));
  for (const [group, measurements] of Object.entries(groups)) {
    const own = Object.keys(measurements).flatMap((name) => sections.get(name) ?? []);
    if (own.length > 0) writeBenchmarks(file, group, `${machine}\n\n${toMarkdown(own)}`);
  }
  const sizes = sections.get('scaling');
  if (sizes !== undefined) {
    writeBenchmarks(fileURLToPath(new URL('../../docs/scaling.md', import.meta.url)), 'scaling', toMarkdown(sizes));
  }
}

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
