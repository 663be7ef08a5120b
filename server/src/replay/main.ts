#!/usr/bin/env node
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '@px-platform/runtime';
import { readEnvironment } from '../provision/config.ts';
import { runReplay } from './run-replay.ts';

process.exitCode = await runReplay(process.argv.slice(2), {
  env: readEnvironment(),
  folder: process.cwd(),
  writeOut: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
  isTerminal: process.stderr.isTTY === true,
  clock: systemClock,
  wait: (ms) => wait(ms),
});
