import { parseArgs } from 'node:util';
import { AppError, type Clock } from '@px-platform/runtime';
import { findCluster } from '../cluster/find-cluster.ts';
import { connectEmbedded } from '../connect-embedded.ts';
import type { Engine } from '../engine.ts';
import { connectServers } from '../open-server.ts';
import type { StorePlace } from '../store-place.ts';
import { readMigratePlace } from './config.ts';
import { applyPending, type Done, type OpenPlace, showPending, showStatus } from './verbs.ts';

/** Where the command runs and what it writes to. */
export interface MigrateWorld {
  readonly env: NodeJS.ProcessEnv;
  readonly folder: string;
  readonly clock: Clock;
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
}

const usage = `Usage: pnpm migrate [status] [--dry-run] [--json]

Brings the tables of the store up to the numbered DDL, as a start of the server does.
The store is that of CLICKHOUSE_URL (and CLICKHOUSE_CLUSTER), else the one in DATA_DIR, whose server must be stopped.

  status      list the migrations, applied or pending, and how the tables differ
  --dry-run   print the statements that would run
  --json      print one JSON object on one line
`;

type Verb = (place: OpenPlace) => Promise<Done>;

/**
 * Runs `pnpm migrate`. Ends with 0 where it is done, 1 where it is refused or the store can't go on as it stands, 2 for
 * wrong usage. With `--json`, standard output gets one JSON object on one line, also where nothing was done:
 * `{"error": {code, message}}`; what is wrong goes to standard error, as words.
 */
export async function runMigrate(args: readonly string[], world: MigrateWorld): Promise<0 | 1 | 2> {
  const { writeOut, writeError } = world;
  const wantsJson = args.includes('--json');
  const refuse = (code: string, message: string, text = message): void => {
    if (wantsJson) writeOut(`${JSON.stringify({ error: { code, message } })}\n`);
    writeError(`${text}\n`);
  };
  const verb = parseVerb(args);
  if (verb === 'help') {
    writeOut(usage);
    return 0;
  }
  if (typeof verb === 'string') {
    refuse('usage', verb, `${verb}\n\n${usage}`);
    return 2;
  }
  try {
    const { body, text, refusal } = await perform(verb, world);
    writeOut(wantsJson ? `${JSON.stringify(body)}\n` : `${text}\n`);
    if (refusal === null) return 0;
    writeError(`${refusal}\n`);
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    refuse(thrown.code, thrown.message, toText(thrown));
  }
  return 1;
}

/** Gives the verb, or what is wrong with the arguments, or `help`. */
function parseVerb(args: readonly string[]): Verb | string {
  const flag = { type: 'boolean' } as const;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { 'dry-run': flag, json: flag, help: { ...flag, short: 'h' } },
      allowPositionals: true,
    });
    const [word, ...more] = positionals;
    if (values.help) return 'help';
    if (more.length > 0 || (word !== undefined && word !== 'status')) return `There is no "${positionals.join(' ')}".`;
    if (word === 'status') return values['dry-run'] ? 'status changes nothing: leave out --dry-run.' : showStatus;
    return values['dry-run'] ? showPending : applyPending;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

async function perform(verb: Verb, { env, folder, clock }: MigrateWorld): Promise<Done> {
  const place = readMigratePlace(env, folder);
  const engine = await connect(place);
  try {
    const named = place.kind === 'server' ? place.cluster : null;
    const cluster = named === null ? null : await findCluster(engine, named);
    return await verb({ engine, cluster, isSole: place.kind === 'embedded', clock });
  } finally {
    await engine.close();
  }
}

async function connect(place: StorePlace): Promise<Engine> {
  return place.kind === 'embedded' ? connectEmbedded(place.path) : (await connectServers(place)).engine;
}

/** Causes are told too: "connection refused" is what a person needs to see. */
function toText(error: Error): string {
  const cause = error.cause instanceof Error ? `\n  cause: ${toText(error.cause)}` : '';
  return `${error.message}${cause}`;
}
