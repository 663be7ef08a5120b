#!/usr/bin/env node
import { systemClock } from '@px-platform/runtime';
import { readEnvironment } from './config.ts';
import { runMigrate } from './run-migrate.ts';

process.exitCode = await runMigrate(process.argv.slice(2), {
  env: readEnvironment(),
  folder: process.cwd(),
  clock: systemClock,
  writeOut: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
});
