import { spawn } from 'node:child_process';
import { root } from './workspace.mjs';

/** Runs a command and keeps its output for the case that it fails. Gives the exit code, signal or `ENOENT`; never throws. */
export function runQuietly(file, args, cwd = root) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.once('error', (error) => resolve({ code: error.code, output: error.message }));
    child.once('close', (code, signal) => resolve({ code: code ?? signal, output: Buffer.concat(chunks).toString() }));
  });
}
