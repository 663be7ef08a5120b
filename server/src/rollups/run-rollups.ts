import { Command, CommanderError } from 'commander';
import { createAdminClient } from '../provision/admin-client.ts';
import { readProvisionConfig } from '../provision/config.ts';
import { parseInstant } from '../provision/option-values.ts';
import { checkRollups } from './check.ts';
import { rebuildRollups } from './rebuild.ts';
import type { RollupsOf, RollupsVerb, RollupsWorld } from './verb.ts';

/**
 * Runs one verb of `pnpm rollups`. Gives 0: done, 1: refused, or the check found a difference, 2: wrong usage. With `--json`,
 * standard output gets one JSON object on one line; how far it is goes to standard error.
 */
export async function runRollups(args: readonly string[], world: RollupsWorld): Promise<0 | 1 | 2> {
  let exitCode: 0 | 1 | 2 = 0;
  const wantsJson = args.includes('--json');
  const writeJson = (body: object): void => world.writeOut(`${JSON.stringify(body)}\n`);
  const program = new Command('pnpm rollups')
    .description(
      'Makes and checks the hourly rollups of a project on the server at PX_URL (default http://127.0.0.1:8000).',
    )
    .option('--json', 'print one JSON object on one line')
    .exitOverride()
    .configureOutput({ writeOut: world.writeOut, writeErr: world.writeError })
    .showHelpAfterError('Add --help to see what can be said.');

  function addVerb(name: string, description: string, verb: RollupsVerb): void {
    program
      .command(name)
      .description(description)
      .requiredOption('--project <id>', 'whose')
      .requiredOption('--from <instant>', 'a day as 2026-01-31, or an instant', parseInstant)
      .requiredOption('--to <instant>', 'the same; this instant is not part of it', parseInstant)
      .action(async (of: RollupsOf) => {
        const config = readProvisionConfig(world.env, world.folder);
        const outcome = config.kind === 'mistake' ? config : await verb(createAdminClient(config), of, world);
        if (outcome.kind === 'done') {
          if (wantsJson) writeJson(outcome.body);
          else world.writeOut(`${outcome.text}\n`);
          exitCode = outcome.isRight ? 0 : 1;
          return;
        }
        const code = outcome.kind === 'mistake' ? 'configuration' : outcome.code;
        if (wantsJson) writeJson({ error: { code, message: outcome.message } });
        world.writeError(`${outcome.message}\n`);
        exitCode = 1;
      });
  }
  addVerb('rebuild', 'make them anew from the events, while events come in', rebuildRollups);
  addVerb('check', 'compare them with the events, and print what differs', checkRollups);

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
