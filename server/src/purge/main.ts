#!/usr/bin/env node
import { readEnvironment } from '../provision/config.ts';
import { runPurge } from './run-purge.ts';

process.exitCode = await runPurge(process.argv.slice(2), {
  env: readEnvironment(),
  folder: process.cwd(),
  writeOut: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
  pollMs: 500,
});
