import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../../../infra/runtime/test/find-free-port.ts';
import { type StandaloneProcess, startProcess } from '../../src/standalone-process.ts';
import { type Engine, type EngineName, engineNames } from '../engines/engine.ts';
import { openEngine } from '../engines/open-engine.ts';
import { createLane, type Lane } from '../lane.ts';
import type { Surroundings } from '../play-scenario.ts';

/**
 * How many plays of an engine run side by side: each has its own project, site, proxy and profile. More would measure a
 * machine of two cores.
 */
export const playsAtOnce: Readonly<Record<EngineName, number>> = { chromium: 4, firefox: 4, webkit: 4 };

/** A real server on an empty folder, and each engine's browser. */
export interface House {
  /** What a play in an engine needs. Rejects where the engine could not be opened, with the command that installs it. */
  surroundings(name: EngineName): Promise<Surroundings>;
  /** Judges plays two at a time: dozens that ask the store for their rows would be in the way of those who write. */
  readonly judging: Lane;
  /** How the browsers call themselves; the engine's name where one could not be opened. */
  readonly versions: Readonly<Record<EngineName, string>>;
  close(): Promise<void>;
}

/** Starts the server and then opens the engines; one that is missing fails only those who ask for it. */
export async function openHouse(): Promise<House> {
  const dataDir = mkdtempSync(join(tmpdir(), 'px-loss-'));
  const server: StandaloneProcess = await startProcess({ dataDir, port: await findFreePort() });
  const opening = new Map<EngineName, Promise<Engine>>(engineNames.map((name) => [name, openEngine[name]()]));
  const opened = (await Promise.allSettled(opening.values())).flatMap((one) =>
    one.status === 'fulfilled' ? [one.value] : [],
  );
  const versionOf = (name: EngineName): string => opened.find((engine) => engine.name === name)?.version ?? name;
  return {
    surroundings: async (name) => {
      const engine = await opening.get(name);
      if (engine === undefined) throw new Error(`There is no engine ${name}.`);
      return { server, engine };
    },
    judging: createLane(2),
    versions: { chromium: versionOf('chromium'), firefox: versionOf('firefox'), webkit: versionOf('webkit') },
    close: async () => {
      for (const engine of opened) await engine.close();
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
