#!/usr/bin/env node
import { runProvision } from './run-provision.ts';

process.exitCode = await runProvision(process.argv.slice(2), {
  env: process.env,
  folder: process.cwd(),
  writeOut: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
});
