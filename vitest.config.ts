import { defineConfig } from 'vitest/config';

/** What plays in Chromium, Firefox and WebKit. */
const threeEngines = ['e2e/sdk-loss/loss.test.ts', 'e2e/sdk-loss/engines/*.test.ts'];
/** Installs and builds four apps of others first, half a gigabyte: `npm test -- --project pages`. */
const realPages = 'e2e/pages/pages.test.ts';
const built = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  test: {
    // Each file has a process of its own: chdb binds one data folder per process.
    pool: 'forks',
    reporters: ['default', './scripts/closing-line.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['**/*.test.ts'],
          exclude: [...built, 'e2e/**'],
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['e2e/**/*.test.ts'],
          exclude: [...built, ...threeEngines, realPages],
          // Browsers and whole processes want the machine to themselves: after the parts, one by one.
          sequence: { groupOrder: 1 },
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
          sequence: { groupOrder: 2 },
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
