import { vi } from 'vitest';

/** Seed of all property tests, so that a change is judged by the draws of the one before it; `PX_SEED=random` draws anew. */
const seed = process.env['PX_SEED'] || '20261123';
if (seed !== 'random' && !/^-?\d{1,9}$/.test(seed)) throw new Error(`PX_SEED is "random" or a whole number: ${seed}`);

// Where a test file asks for fast-check, and only there: loading it takes longer than most files' tests.
vi.mock('fast-check', async (importOriginal) => {
  const original = await importOriginal<typeof import('fast-check')>();
  if (seed !== 'random') original.configureGlobal({ ...original.readConfigureGlobal(), seed: Number(seed) });
  return original;
});
