#!/usr/bin/env node
import { setTimeout } from 'node:timers/promises';
import { readEnvironment } from '../provision/config.ts';
import { runRollups } from './run-rollups.ts';

process.exitCode = await runRollups(process.argv.slice(2), {
  env: readEnvironment(),
  folder: process.cwd(),
  wait: (ms) => setTimeout(ms),
  writeOut: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
});
