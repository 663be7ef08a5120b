import { Command, CommanderError } from 'commander';
import { createAdminClient } from './admin-client.ts';
import { readProvisionConfig } from './config.ts';
import { addKeyVerbs } from './key.ts';
import { addProjectVerbs } from './project.ts';
import { addTenantVerbs } from './tenant.ts';
import type { Perform } from './verb.ts';

/** Where the command runs and what it writes to. */
export interface ProvisionWorld {
  readonly env: NodeJS.ProcessEnv;
  readonly folder: string;
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
}

/** What the command ends with: done, refused (by the server, or it is away), wrong usage. Source: contract 3. */
export type ExitCode = 0 | 1 | 2;

/**
 * Runs one verb of `pnpm provision`. With `--json`, what is done is one JSON object on one line of
 * standard output; refusals and usage go to standard error.
 */
export async function runProvision(args: readonly string[], world: ProvisionWorld): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const program = new Command('pnpm provision')
    .description('Makes tenants, projects and keys on the server at PX_URL (default http://127.0.0.1:8000).')
    .option('--json', 'print one JSON object on one line')
    .exitOverride()
    .configureOutput({ writeOut: world.writeOut, writeErr: world.writeError })
    .showHelpAfterError('Add --help to see what can be said.');

  const perform: Perform = async (run) => {
    const config = readProvisionConfig(world.env, world.folder);
    const outcome = config.kind === 'mistake' ? config : await run(createAdminClient(config));
    if (outcome.kind === 'done') {
      world.writeOut(`${program.opts()['json'] === true ? JSON.stringify(outcome.body) : outcome.text}\n`);
      return;
    }
    world.writeError(`${outcome.message}\n`);
    exitCode = 1;
  };
  addTenantVerbs(program, perform);
  addProjectVerbs(program, perform);
  addKeyVerbs(program, perform);

  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    return thrown.exitCode === 0 ? 0 : 2;
  }
  return exitCode;
}
