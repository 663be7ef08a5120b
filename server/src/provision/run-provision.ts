import { Command, CommanderError } from 'commander';
import { createAdminClient, type Refusal } from './admin-client.ts';
import { type ProvisionConfig, readProvisionConfig } from './config.ts';
import { addGroupVerbs } from './group.ts';
import { addKeyVerbs } from './key.ts';
import { addPersonVerbs } from './person.ts';
import { addProjectVerbs } from './project.ts';
import { addSchemaVerbs } from './schema.ts';
import { addTenantVerbs } from './tenant.ts';
import type { Done, Perform } from './verb.ts';

/** Where the command runs and what it writes to. */
export interface ProvisionWorld {
  readonly env: NodeJS.ProcessEnv;
  readonly folder: string;
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
  /** How long a server may take before a person is told that it is waited for, in ms; 2,000 where left out. */
  readonly patienceMs?: number;
}

/** What the command ends with: done, refused (by the server, or it is away), wrong usage. Source: contract 3. */
export type ExitCode = 0 | 1 | 2;

/**
 * Runs one verb of `pnpm provision`. With `--json`, standard output gets one JSON object on one line, also where nothing
 * was done: `{"error": {code, message}}`. Refusals, usage and what is waited for go to standard error, as words.
 */
export async function runProvision(args: readonly string[], world: ProvisionWorld): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const wantsJson = args.includes('--json');
  const program = new Command('pnpm provision')
    .description(
      'Makes and changes tenants, projects, keys and event schemas, and shows who is who and what groups there are, on the server at PX_URL (default http://127.0.0.1:8000).',
    )
    .option('--json', 'print one JSON object on one line')
    .exitOverride()
    .configureOutput({ writeOut: world.writeOut, writeErr: world.writeError })
    .showHelpAfterError('Add --help to see what can be said.');

  const writeJson = (body: object) => world.writeOut(`${JSON.stringify(body)}\n`);
  const perform: Perform = async (run) => {
    const config = readProvisionConfig(world.env, world.folder);
    const outcome = config.kind === 'mistake' ? config : await waitFor(config, run, world);
    if (outcome.kind === 'done') {
      if (wantsJson) writeJson(outcome.body);
      else world.writeOut(`${outcome.text}\n`);
      return;
    }
    const code = outcome.kind === 'mistake' ? 'configuration' : outcome.code;
    if (wantsJson) writeJson({ error: { code, message: outcome.message } });
    world.writeError(`${outcome.message}\n`);
    exitCode = 1;
  };
  addTenantVerbs(program, perform);
  addProjectVerbs(program, perform);
  addKeyVerbs(program, perform);
  addSchemaVerbs(program, perform);
  addPersonVerbs(program, perform);
  addGroupVerbs(program, perform);

  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    if (thrown.exitCode === 0) return 0;
    if (wantsJson) writeJson({ error: { code: 'usage', message: thrown.message } });
    return 2;
  }
  return exitCode;
}

/** Runs a verb, and says on standard error that a server is waited for once it has taken its time. */
async function waitFor(
  config: ProvisionConfig,
  run: Parameters<Perform>[0],
  { patienceMs = 2_000, writeError }: ProvisionWorld,
): Promise<Done | Refusal> {
  const timer = setTimeout(() => writeError(`Waiting for ${config.url} ...\n`), patienceMs);
  try {
    return await run(createAdminClient(config));
  } finally {
    clearTimeout(timer);
  }
}
