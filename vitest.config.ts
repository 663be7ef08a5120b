import { defineConfig } from 'vitest/config';

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
          exclude: built,
          // Browsers and whole processes want the machine to themselves: after the parts, one by one.
          sequence: { groupOrder: 1 },
          maxWorkers: 1,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
