#!/usr/bin/env node
import { readEnvironment } from './config.ts';
import { runProvision } from './run-provision.ts';

process.exitCode = await runProvision(process.argv.slice(2), {
  env: readEnvironment(),
  folder: process.cwd(),
  writeOut: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
});
