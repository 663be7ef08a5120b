import { once } from 'node:events';
import { systemClock } from '@px-platform/runtime';
import type { Engine } from '../src/engine.ts';
import { migrate } from '../src/migrate.ts';
import { connectServer } from '../src/open-server.ts';
import { hastyPace, isSlow, slowMigrations } from './slow-migrations.ts';

/**
 * Applies `slow-migrations.ts`; its slow statement says `begun` and ends when something comes on standard input. Prints
 * the names applied. Run as a process of its own, beside another, or to be killed: `node migrate-slowly.ts URL`.
 */
const engine = connectServer(process.argv[2] ?? '');
const slow: Engine = {
  ...engine,
  async run(statement) {
    if (isSlow(statement)) {
      process.stdout.write('begun\n');
      await once(process.stdin, 'data');
    }
    await engine.run(statement);
  },
};
const options = { clock: systemClock, isSole: false, migrations: slowMigrations, pace: hastyPace };
process.stdout.write(`${JSON.stringify(await migrate(slow, options))}\n`);
process.exit(0);
