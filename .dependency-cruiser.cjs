// Who may know whom (docs/architecture.md): each rule is named for what it demands.
// `scripts/fences.test.ts` plants imports that each of them must refuse.

const tests = '(\\.test\\.ts|/test/.*)$';
const apps = ['sdk', 'server', 'processor', 'dashboard'];
const siblings = ['log', 'store', 'control'];
const adapters = '^infra/(log|store|control)/src/(open-|lmdb|kafka|pglite|postgres)[^/]*$';
/** Where processes are put together, and what drives whole processes from outside. */
const assembly = '(^|/)main\\.ts$|^standalone/src/(start-standalone|open-logs)\\.ts$|^(e2e|bench)/';

const npm = (...names) => `(^|/)node_modules/(@types/)?(${names.join('|')})/`;

/** Lets nobody but `home` import these npm packages. */
const driver = (name, home, ...packages) => ({
  name,
  comment: 'A driver stays in its adapter, so that another one can take its place.',
  severity: 'error',
  from: { pathNot: home },
  to: { path: npm(...packages) },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'every import leads to a file',
      comment: 'An import that resolves to nothing is also one that no other rule can judge.',
      severity: 'error',
      from: {},
      // Declared by sdk/react: next itself is the app's own.
      to: { couldNotResolve: true, pathNot: '^next/navigation$' },
    },
    {
      name: 'no file imports itself by a detour',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'schemas knows nobody',
      severity: 'error',
      from: { path: '^schemas/', pathNot: tests },
      to: { pathNot: ['^schemas/', npm('zod'), '^(node:)?(crypto|fs)$'] },
    },
    {
      name: 'schemas knows nobody, not even in tests',
      severity: 'error',
      from: { path: '^schemas/' },
      to: { path: '^(sdk|server|processor|dashboard|infra|standalone|e2e|bench)/' },
    },
    {
      name: 'the sdk takes types and limits from schemas, and fflate',
      comment: 'All else would be bytes in every page of every customer, or would not run there.',
      severity: 'error',
      from: { path: '^sdk/src/', pathNot: tests },
      to: { pathNot: ['^sdk/src/', '^schemas/src/(wire-event|limits)\\.ts$', npm('fflate', 'web-vitals')] },
    },
    ...apps.map((app) => ({
      name: `apps never meet: ${app}`,
      comment: 'They agree on schemas and speak over HTTP and the log.',
      severity: 'error',
      from: { path: `^${app}/` },
      to: { path: `^(${apps.filter((other) => other !== app).join('|')})/` },
    })),
    {
      name: 'apps know no process that is put together from them',
      severity: 'error',
      from: { path: `^(${apps.join('|')}|infra|schemas)/` },
      to: { path: '^(standalone|e2e|bench)/' },
    },
    ...siblings.map((sibling) => ({
      name: `infra siblings never meet: ${sibling}`,
      severity: 'error',
      from: { path: `^infra/${sibling}/` },
      to: { path: `^infra/(${siblings.filter((other) => other !== sibling).join('|')})/` },
    })),
    {
      name: 'runtime is the ground below its siblings',
      comment: 'docs/adr/0007-runtime-is-shared-ground.md',
      severity: 'error',
      from: { path: '^infra/runtime/' },
      to: { path: `^(infra/(${siblings.join('|')})|schemas)/` },
    },
    {
      name: 'infra knows no app',
      severity: 'error',
      from: { path: '^infra/' },
      to: { path: `^(${apps.join('|')})/` },
    },
    {
      name: 'the sdk and the dashboard know no infra',
      severity: 'error',
      from: { path: '^(sdk|dashboard)/' },
      to: { path: '^infra/' },
    },
    {
      name: 'the processor knows no control store',
      comment: 'The log record carries what it must know of a project.',
      severity: 'error',
      from: { path: '^processor/' },
      to: { path: '^infra/control/' },
    },
    {
      name: 'only a main.ts opens adapters',
      comment: 'Imports by name from an index.ts are judged in scripts/fences.test.ts.',
      severity: 'error',
      from: { pathNot: ['^infra/', assembly, tests] },
      to: { path: adapters },
    },
    {
      name: 'packages meet at their exports',
      comment: 'A path into another package passes by what its package.json offers.',
      severity: 'error',
      from: { path: '^(infra/[^/]+|[^/]+)/', pathNot: '^(docs|scripts)/' },
      to: { path: '^(infra/[^/]+|[^/]+)/src/', pathNot: '^$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'stages do no I/O',
      comment: 'What they need was looked up before they run; a replay then makes the same rows. A type does nothing.',
      severity: 'error',
      from: { path: '^processor/src/stages/', pathNot: tests },
      to: {
        dependencyTypesNot: ['type-only'],
        path: [
          '^infra/(log|store|control)/',
          '^(node:)?(fs|fs/promises|net|tls|http|https|http2|dgram|dns|child_process|worker_threads|timers)$',
        ],
      },
    },
    driver('express stays in the server', '^server/', 'express'),
    driver('rate limits stay in one folder of the server', '^server/src/limits/', 'express-rate-limit'),
    driver('the maker of openapi stays in one folder of the server', '^server/src/openapi/', 'zod-openapi'),
    driver('redis stays in its counters', '^server/src/limits/redis', '@redis/client', 'rate-limit-redis'),
    driver(
      'schemas of events are checked in one folder',
      '^(server/src/plans|docker/test)/',
      'ajv',
      'ajv-formats',
      're2js',
    ),
    driver('commander stays in the commands', '^server/src/(provision|replay|rollups|purge)/', 'commander'),
    driver('lmdb stays in the log', '^infra/log/src/lmdb', 'lmdb'),
    driver('kafka stays in the log', '^infra/log/(src|test)/kafka', 'kafkajs', '@platformatic/kafka', 'lz4-napi'),
    driver('clickhouse and chdb stay in the store', '^infra/store/', '@clickhouse/[^/]+', 'chdb'),
    driver('postgres stays in the control store', '^infra/control/', 'pg', '@electric-sql/pglite', 'drizzle-orm'),
    driver('readers of devices and places stay in the processor', '^processor/', 'maxmind', 'ua-parser-js', 'isbot'),
    driver('opentelemetry stays in its tracer', '^infra/runtime/src/otlp-tracer', '@opentelemetry/[^/]+'),
    driver('pino stays in runtime', '^infra/runtime/', 'pino'),
    driver(
      'prom-client stays in metrics.ts',
      '(^infra/runtime/|/metrics\\.ts$|^server/src/metrics/|\\.test\\.ts$)',
      'prom-client',
    ),
    {
      name: 'what runs does not import tests',
      severity: 'error',
      from: { pathNot: [tests, '/test/', '^(e2e|bench)/'] },
      to: { path: tests },
    },
    {
      name: 'what runs does not lean on devDependencies',
      comment: 'The SDK is bundled: what it imports travels inside.',
      severity: 'error',
      from: { path: '^(schemas|server|processor|infra|standalone)/', pathNot: [tests, '\\.config\\.ts$'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm-peer'], pathNot: '/@types/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // The apps of tests have dependencies of their own: other people's starters, and a Next.js app.
    exclude: { path: '(^|/)dist/|^standalone/demo/|^e2e/src/pages/|^e2e/(react/next-app|pages/apps|out)/' },
    // Types count: who knows another's shapes knows the other.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    preserveSymlinks: false,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.mts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
};
