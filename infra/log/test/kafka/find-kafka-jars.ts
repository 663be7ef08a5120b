import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const pom = join(import.meta.dirname, '../../../../e2e/services/pom.xml');

/**
 * Gives the folder of Kafka's jars. They are fetched by Maven once for each `e2e/services/pom.xml`, into the user's cache (`XDG_CACHE_HOME`).
 * Throws an error that names what to install where they can't be had.
 */
export async function findKafkaJars(): Promise<string> {
  const version = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'px-kafka');
  const jars = join(cache, version);
  if (existsSync(jars)) return jars;
  mkdirSync(cache, { recursive: true });
  // A folder of its own, then renamed: two test files may begin at once.
  const fetched = mkdtempSync(join(cache, 'fetching-'));
  try {
    await run('mvn', ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${fetched}`]);
    renameSync(fetched, jars);
  } catch (cause) {
    rmSync(fetched, { recursive: true, force: true });
    if (existsSync(jars)) return jars;
    throw new Error(
      'These tests need Apache Kafka, which Maven fetches, and it could not: run ' +
        '`apt-get install -y openjdk-17-jre-headless maven` and see that Maven Central can be reached.',
      { cause },
    );
  }
  return jars;
}
