import { Command, CommanderError } from 'commander';
import { createAdminClient, type Refusal } from '../provision/admin-client.ts';
import { type ProvisionConfig, readProvisionConfig } from '../provision/config.ts';
import { parseCount, parseInstant } from '../provision/option-values.ts';
import type { ExitCode } from '../provision/run-provision.ts';
import { replayFiles } from './replay-files.ts';
import { replayLetters } from './replay-letters.ts';
import type { ReplayWorld } from './replay-world.ts';
import type { Replayed } from './replayed.ts';

interface Options {
  readonly project?: string;
  readonly from?: string;
  readonly to?: string;
  readonly rate: number;
  readonly dryRun?: true;
  readonly json?: true;
}

/**
 * Runs `pnpm replay`: exit 0 where all went in, 1 where something was refused or it broke off, 2 for wrong usage. With
 * `--json`, standard output gets one JSON object on one line; progress and refusals go to standard error.
 */
export async function runReplay(args: readonly string[], world: ReplayWorld): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const wantsJson = args.includes('--json');
  const writeJson = (body: object) => world.writeOut(`${JSON.stringify(body)}\n`);
  const program = new Command('pnpm replay')
    .description(
      'Sends events of files through the server at PX_URL (default http://127.0.0.1:8000); without files, gives its dead letters to its log again.',
    )
    .argument(
      '[paths...]',
      'NDJSON, gzipped or not: our own export, wire events or calls of Segment’s archive; folders too',
    )
    .option('--project <id>', 'into this project; of dead letters, those of this project alone')
    .option('--from <instant>', 'what came then or later: 2027-01-31 or 2027-01-31T12:00:00Z', parseInstant)
    .option('--to <instant>', 'what came before then', parseInstant)
    .option('--rate <count>', 'at most so many a second', parseCount, 1_000)
    .option('--dry-run', 'tell what would be done, and do nothing')
    .option('--json', 'print one JSON object on one line')
    .exitOverride()
    .configureOutput({ writeOut: world.writeOut, writeErr: world.writeError })
    .showHelpAfterError('Add --help to see what can be said.')
    .action(async (paths: string[], options: Options, command: Command) => {
      if (paths.length > 0 && options.project === undefined) command.error('Say with --project where they belong.');
      const config = readProvisionConfig(world.env, world.folder);
      const outcome = config.kind === 'mistake' ? config : await replay(paths, options, config, world);
      if (outcome.kind === 'replayed') {
        if (wantsJson) writeJson(outcome.body);
        else world.writeOut(`${outcome.text}\n`);
        exitCode = outcome.refused === 0 ? 0 : 1;
        return;
      }
      const code = outcome.kind === 'mistake' ? 'configuration' : outcome.code;
      if (wantsJson) writeJson({ error: { code, message: outcome.message } });
      world.writeError(`${outcome.message}\n`);
      exitCode = 1;
    });
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

function replay(
  paths: readonly string[],
  { project, from, to, rate, dryRun }: Options,
  config: ProvisionConfig,
  world: ReplayWorld,
): Promise<Replayed | Refusal> {
  const client = createAdminClient(config);
  const asked = { from, to, rate, isDryRun: dryRun === true };
  return paths.length === 0
    ? replayLetters(client, { ...asked, projectId: project }, world)
    : replayFiles(client, { ...asked, paths, projectId: project ?? '', url: config.url }, world);
}
