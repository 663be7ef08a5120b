import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { findFreePort } from '../../infra/runtime/test/find-free-port.ts';
import { startProcess } from './standalone-process.ts';

/**
 * Before the tests: starts a standalone on an empty folder, ends it, and keeps of it what every start would make alike,
 * for `makeDataDir` in every project that asks for it: the control database with the demo project's key, and the store
 * with its tables. Gives what removes them after the tests.
 */
export default async function makeControl(project: TestProject): Promise<() => void> {
  const all = project.vitest.getRootProject();
  if ('madeControl' in all.getProvidedContext()) return () => undefined;
  const dataDir = mkdtempSync(join(tmpdir(), 'px-first-start-'));
  const madeControl = mkdtempSync(join(tmpdir(), 'px-control-'));
  const first = await startProcess({ dataDir, port: await findFreePort() });
  await first.stop();
  // The engine's links tell their places from where they stand.
  for (const name of ['control', 'demo-key', 'store'])
    cpSync(join(dataDir, name), join(madeControl, name), { recursive: true, verbatimSymlinks: true });
  rmSync(dataDir, { recursive: true, force: true });
  all.provide('madeControl', madeControl);
  return () => rmSync(madeControl, { recursive: true, force: true });
}
