import { defineConfig } from 'drizzle-kit';

/** Makes a migration from what changed in the tables: `drizzle-kit generate`, run in this folder. */
export default defineConfig({ dialect: 'postgresql', schema: './src/tables.ts', out: './drizzle' });
