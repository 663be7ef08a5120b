import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectEmbedded } from '../connect-embedded.ts';
import { migrate } from '../migrate.ts';
import { readTables } from './read-tables.ts';

// `npm run ddl`: makes the tables of the DDL in the engine, and writes down what they are.
const path = mkdtempSync(join(tmpdir(), 'px-ddl-'));
const engine = connectEmbedded(path);
await migrate(engine, { clock: Date.now, isSole: true });
const text = `${JSON.stringify(await readTables(engine), null, 2)}\n`;
writeFileSync(new URL('./tables.json', import.meta.url), text);
await engine.close();
rmSync(path, { recursive: true });
