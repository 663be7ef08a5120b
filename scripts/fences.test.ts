import { execFile } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Cruise {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}

/** One forbidden import for each rule: the rule's name, the file that breaks it, what it imports. */
const planted: readonly (readonly [rule: string, file: string, imported: string])[] = [
  ['every import leads to a file', 'server/src/planted.ts', './nowhere.ts'],
  ['no file imports itself by a detour', 'server/src/back.ts', './there.ts'],
  ['schemas knows nobody', 'schemas/src/planted.ts', 'express'],
  ['schemas knows nobody, not even in tests', 'schemas/src/planted.test.ts', '@px-platform/log'],
  ['the sdk takes types and limits from schemas, and fflate', 'sdk/src/planted.ts', '@px-platform/schemas'],
  ['apps never meet: sdk', 'sdk/src/planted-app.test.ts', '@px-platform/server'],
  ['apps never meet: server', 'server/src/planted-app.ts', '@px-platform/processor'],
  ['apps never meet: processor', 'processor/src/planted-app.ts', '@px-platform/server'],
  ['apps never meet: dashboard', 'dashboard/src/planted-app.ts', '@px-platform/server'],
  ['apps know no process that is put together from them', 'server/src/planted-process.ts', '@px-platform/standalone'],
  ['infra siblings never meet: log', 'infra/log/src/planted.ts', '@px-platform/store'],
  ['infra siblings never meet: store', 'infra/store/src/planted.ts', '@px-platform/control'],
  ['infra siblings never meet: control', 'infra/control/src/planted.ts', '@px-platform/log'],
  ['runtime is the ground below its siblings', 'infra/runtime/src/planted.ts', '@px-platform/log'],
  ['infra knows no app', 'infra/log/src/planted-app.ts', '@px-platform/server'],
  ['the sdk and the dashboard know no infra', 'dashboard/src/planted.ts', '@px-platform/store'],
  ['the processor knows no control store', 'processor/src/planted-control.ts', '@px-platform/control'],
  ['only a main.ts opens adapters', 'server/src/planted-adapter.ts', '@px-platform/log/lmdb'],
  ['packages meet at their exports', 'server/src/planted-path.ts', '../../infra/log/src/inner.ts'],
  ['stages do no I/O', 'processor/src/stages/planted.ts', 'node:fs'],
  ['stages do no I/O', 'processor/src/stages/planted-store.ts', '@px-platform/store'],
  ['express stays in the server', 'processor/src/planted-express.ts', 'express'],
  ['rate limits stay in one folder of the server', 'server/src/planted-limit.ts', 'express-rate-limit'],
  ['the maker of openapi stays in one folder of the server', 'server/src/planted-openapi.ts', 'zod-openapi'],
  ['redis stays in its counters', 'server/src/limits/planted-redis.ts', '@redis/client'],
  ['redis stays in its counters', 'server/src/limits/planted-store.ts', 'rate-limit-redis'],
  ['schemas of events are checked in one folder', 'server/src/admin/planted-ajv.ts', 'ajv'],
  ['schemas of events are checked in one folder', 'server/src/ingest/planted-re2.ts', 're2js'],
  ['commander stays in the commands', 'server/src/planted-commander.ts', 'commander'],
  ['lmdb stays in the log', 'infra/log/src/planted-lmdb.ts', 'lmdb'],
  ['kafka stays in the log', 'infra/log/src/planted-kafkajs.ts', 'kafkajs'],
  ['kafka stays in the log', 'server/src/planted-lz4.ts', 'lz4-napi'],
  ['kafka stays in the log', 'processor/src/planted-platformatic.ts', '@platformatic/kafka'],
  ['clickhouse and chdb stay in the store', 'server/src/planted-clickhouse.ts', '@clickhouse/client'],
  ['clickhouse and chdb stay in the store', 'server/src/planted-chdb.ts', 'chdb'],
  ['postgres stays in the control store', 'server/src/planted-pglite.ts', '@electric-sql/pglite'],
  ['readers of devices and places stay in the processor', 'server/src/planted-isbot.ts', 'isbot'],
  ['opentelemetry stays in its tracer', 'infra/runtime/src/planted-otel.ts', '@opentelemetry/api'],
  ['pino stays in runtime', 'server/src/planted-pino.ts', 'pino'],
  ['prom-client stays in metrics.ts', 'server/src/planted-metrics.ts', 'prom-client'],
  ['what runs does not import tests', 'server/src/planted-test.ts', './other.test.ts'],
  ['what runs does not lean on devDependencies', 'server/src/planted-dev.ts', 'fast-check'],
];

/** Imports that each rule must let through. */
const allowed: readonly (readonly [file: string, imported: string])[] = [
  ['sdk/src/good.ts', '@px-platform/schemas/limits'],
  ['sdk/src/good-gzip.ts', 'fflate'],
  ['server/src/good.ts', '@px-platform/log'],
  ['server/src/good-express.ts', 'express'],
  ['server/src/limits/good.ts', 'express-rate-limit'],
  ['server/src/plans/good.ts', 'ajv'],
  ['server/src/limits/redis-good.ts', '@redis/client'],
  ['server/src/metrics.ts', 'prom-client'],
  ['infra/log/src/lmdb.ts', 'lmdb'],
  ['infra/log/src/kafka/kafkajs/good.ts', 'kafkajs'],
  ['infra/log/src/good.ts', '@px-platform/runtime'],
  ['infra/runtime/src/otlp-tracer.ts', '@opentelemetry/api'],
  ['processor/src/stages/good.ts', '@px-platform/schemas'],
  ['standalone/src/start-standalone.ts', '@px-platform/log/lmdb'],
  ['server/src/good.test.ts', 'fast-check'],
];

describe('the rules of dependency-cruiser', () => {
  let house = '';
  let found: Cruise['summary']['violations'] = [];

  beforeAll(async () => {
    house = buildHouse();
    found = (await cruise(house)).summary.violations;
  });
  afterAll(() => rmSync(house, { recursive: true, force: true }));

  it.each(planted)('%s: refuses %s -> %s', (rule, file) => {
    expect(found.filter(({ from }) => from === file).map((violation) => violation.rule.name)).toContain(rule);
  });

  it.each(allowed)('let %s import %s', (file) => {
    expect(found.filter(({ from }) => from === file)).toEqual([]);
  });

  it('are each broken once here', () => {
    const require = createRequire(import.meta.url);
    const config: { forbidden: { name: string }[] } = require('../.dependency-cruiser.cjs');
    expect(new Set(planted.map(([rule]) => rule))).toEqual(new Set(config.forbidden.map(({ name }) => name)));
  });

  it('are put to every source file of the house, and hold', async () => {
    const { modules, summary } = await cruise(root);
    const read = new Set(modules.map(({ source }) => source));
    const files = sourceFiles();
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((file) => !read.has(file))).toEqual([]);
    expect(summary.violations.map(({ from, rule }) => `${from}: ${rule.name}`)).toEqual([]);
  });
});

describe('what dependency-cruiser cannot see', () => {
  const isTest = (file: string) => /\.test\.ts$|\/test\//.test(file);
  const isDriver = (file: string) => /^(e2e|bench|scripts)\//.test(file);

  it('only config.ts reads the environment', () => {
    const readers = sourceFiles().filter((file) => !isTest(file) && !isDriver(file) && readsEnvironment(file));
    expect(readers.filter((file) => !/(^|\/)(config|main)\.ts$/.test(file))).toEqual([]);
  });

  it('only a main.ts, or what `startStandalone` is made of, calls an `open` of infra', () => {
    const openers = sourceFiles().filter((file) => !isTest(file) && !isDriver(file) && opensAdapters(file));
    expect(openers.filter((file) => !/(^|\/)(main|start-standalone|open-logs)\.ts$/.test(file))).toEqual([]);
  });
});

function readsEnvironment(file: string): boolean {
  return /process\.env\b|\benv\b[^'\n]*from 'node:process'/.test(readFileSync(join(root, file), 'utf8'));
}

function opensAdapters(file: string): boolean {
  const text = readFileSync(join(root, file), 'utf8');
  const imports = text.matchAll(/import\s*\{([^}]*)\}\s*from\s*'@px-platform\/(?:log|store|control)[^']*'/g);
  return [...imports].some(([, names = '']) => names.split(',').some((name) => /^open[A-Z]/.test(name.trim())));
}

function sourceFiles(): string[] {
  const skipped = new Set(['node_modules', 'dist', 'drizzle', 'out', 'coverage']);
  const walk = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return skipped.has(entry.name) || entry.name.startsWith('.') ? [] : walk(path);
      return /\.ts$/.test(entry.name) && !/^(standalone\/demo|e2e\/src\/pages|e2e\/pages\/apps)\//.test(path)
        ? [path]
        : [];
    });
  return walk('');
}

/** Lays out a house of empty rooms in which each rule is broken once, and gives its folder. */
function buildHouse(): string {
  const house = mkdtempSync(join(tmpdir(), 'px-fences-'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(house, path)), { recursive: true });
    writeFileSync(join(house, path), text);
  };
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'tsconfig.base.json']) {
    copyFileSync(join(root, file), join(house, file));
  }
  const drivers = [
    'express',
    'commander',
    'lmdb',
    'kafkajs',
    'lz4-napi',
    '@platformatic/kafka',
    '@clickhouse/client',
    'chdb',
    '@electric-sql/pglite',
  ];
  const others = ['isbot', 'pino', 'prom-client', 'fflate', 'express-rate-limit', '@redis/client', 'rate-limit-redis'];
  others.push('zod-openapi', 'ajv', 'ajv-formats', 're2js', '@opentelemetry/api');
  for (const name of [...drivers, ...others, 'fast-check']) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
    write(`node_modules/${name}/index.js`, '');
  }
  const dependencies = Object.fromEntries([...drivers, ...others].map((name) => [name, '1.0.0']));
  const devDependencies = { 'fast-check': '1.0.0' };
  const rooms = ['schemas', 'sdk', 'server', 'processor', 'dashboard', 'standalone'];
  for (const folder of [...rooms, 'infra/runtime', 'infra/log', 'infra/store', 'infra/control']) {
    const name = `@px-platform/${folder.replace('infra/', '')}`;
    const exports = { '.': './src/index.ts', './lmdb': './src/lmdb.ts', './limits': './src/limits.ts' };
    write(`${folder}/package.json`, JSON.stringify({ name, type: 'module', exports, dependencies, devDependencies }));
    write(`${folder}/src/index.ts`, 'export {};');
    mkdirSync(join(house, 'node_modules/@px-platform'), { recursive: true });
    symlinkSync(join(house, folder), join(house, 'node_modules', name));
  }
  for (const file of ['infra/log/src/inner.ts', 'schemas/src/limits.ts', 'server/src/other.test.ts'])
    write(file, 'export {};');
  write('server/src/there.ts', "import './back.ts';");
  for (const [, file, imported] of planted) write(file, `import '${imported}';\n`);
  for (const [file, imported] of allowed) write(file, `import '${imported}';\n`);
  return house;
}

/** Runs dependency-cruiser as `npm run check` does; it ends with the count of violations, so a failure is an answer. */
function cruise(folder: string): Promise<Cruise> {
  const entry = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const options = { cwd: folder, maxBuffer: 256 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [entry, '.', '--output-type', 'json'], options, (error, stdout, stderr) => {
      if (stdout === '') reject(new Error(`dependency-cruiser gave no answer: ${stderr}`, { cause: error }));
      else resolve(JSON.parse(stdout) as Cruise);
    });
  });
}
