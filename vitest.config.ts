import { defineConfig } from 'vitest/config';
import { LongestFirst } from './scripts/longest-first.ts';

/** What plays in Chromium, Firefox and WebKit. */
const threeEngines = ['e2e/sdk-loss/loss.test.ts', 'e2e/sdk-loss/engines/*.test.ts'];
/** Installs and builds four apps of others first, half a gigabyte: `npm test -- --project pages`. */
const realPages = 'e2e/pages/pages.test.ts';
/** What holds the page's own moments against the clock: alone, so that they are not another test's. */
const measuring = [
  'e2e/sdk/api/calls.test.ts',
  'e2e/sdk/bad-input.test.ts',
  'e2e/sdk/capture.test.ts',
  'e2e/sdk/hostile-pages/bad-callers.test.ts',
];
const built = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  test: {
    // Each file has a process of its own: chdb binds one data folder per process.
    pool: 'forks',
    setupFiles: ['./scripts/same-draws.ts'],
    reporters: ['default', './scripts/closing-line.ts'],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['**/*.test.ts'],
          exclude: [...built, 'e2e/**'],
          // Some of the longest files wait for brokers most of their time: four at a time keep two cores busy.
          maxWorkers: 4,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['e2e/**/*.test.ts'],
          exclude: [...built, ...measuring, ...threeEngines, realPages],
          // After the parts. A browser or a whole process waits as much as it works: two at a time.
          sequence: { groupOrder: 1 },
          globalSetup: './e2e/src/make-control.ts',
          maxWorkers: 2,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'measured',
          include: measuring,
          sequence: { groupOrder: 2 },
          globalSetup: './e2e/src/make-control.ts',
          maxWorkers: 1,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'pages',
          include: [realPages],
          sequence: { groupOrder: 1 },
          maxWorkers: 1,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'loss',
          include: threeEngines,
          // Last and alone: three browsers at once, and plays whose moments count.
          sequence: { groupOrder: 3 },
          maxWorkers: 1,
          // All scenarios wait in lanes of their own making.
          maxConcurrency: 1_000,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
