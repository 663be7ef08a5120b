import { setTimeout as delay } from 'node:timers/promises';
import { type PurgeAnswer, purgeAnswerSchema, purgePreviewSchema } from '@px-platform/schemas';
import { Command, CommanderError } from 'commander';
import { type AdminClient, createAdminClient, type Refusal } from '../provision/admin-client.ts';
import { readProvisionConfig } from '../provision/config.ts';
import { type Done, toTable } from '../provision/verb.ts';

/** Where the command runs and what it writes to. */
export interface PurgeWorld {
  readonly env: NodeJS.ProcessEnv;
  readonly folder: string;
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
  /** How often a purge under way is asked for, in ms. */
  readonly pollMs: number;
}

interface PurgeOptions {
  readonly project: string;
  readonly userId?: string;
  readonly anonymousId?: string;
  readonly email?: string;
  readonly dryRun?: boolean;
  readonly timeoutS: string;
}

/**
 * Runs `pnpm purge`: removes a person and waits until it is done, saying on standard error how far it has come. Gives 0 where it is
 * done, 1 where it is refused, left over, or not done in time, 2 where it is wrongly used. With `--json`, standard output gets one
 * JSON object on one line, also where nothing was done: `{"error": {code, message}}`.
 */
export async function runPurge(args: readonly string[], world: PurgeWorld): Promise<0 | 1 | 2> {
  const wantsJson = args.includes('--json');
  const writeJson = (body: object) => world.writeOut(`${JSON.stringify(body)}\n`);
  const program = new Command('pnpm purge')
    .description(
      'Removes a person from every table of the server at PX_URL (default http://127.0.0.1:8000), for good. One of --user-id, --anonymous-id and --email says who.',
    )
    .requiredOption('--project <id>', 'the project, prj_...')
    .option('--user-id <id>', 'whoever has this user_id, with all ids that were joined to it')
    .option('--anonymous-id <id>', 'whoever has this anonymous_id, likewise')
    .option('--email <address>', 'whoever bears this mail address in the property or trait "email", likewise')
    .option('--dry-run', 'count what would be removed, and remove nothing')
    .option('--timeout-s <seconds>', 'how long to wait until it is done', '600')
    .option('--json', 'print one JSON object on one line')
    .exitOverride()
    .configureOutput({ writeOut: world.writeOut, writeErr: world.writeError })
    .showHelpAfterError('Add --help to see what can be said.');

  try {
    program.parse(args, { from: 'user' });
    const options = program.opts<PurgeOptions>();
    const said = [options.userId, options.anonymousId, options.email].filter((one) => one !== undefined);
    if (said.length !== 1) program.error('error: give one of --user-id, --anonymous-id and --email');
    if (!/^[1-9]\d{0,5}$/.test(options.timeoutS)) program.error('error: --timeout-s is a whole number from 1 on');
    const config = readProvisionConfig(world.env, world.folder);
    const outcome =
      config.kind === 'mistake'
        ? { kind: 'refused' as const, code: 'configuration', message: config.message }
        : await perform(createAdminClient(config), options, world);
    if (outcome.kind === 'done') {
      if (wantsJson) writeJson(outcome.body);
      else world.writeOut(`${outcome.text}\n`);
      return 0;
    }
    if (wantsJson) writeJson({ error: { code: outcome.code, message: outcome.message } });
    world.writeError(`${outcome.message}\n`);
    return 1;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    if (thrown.exitCode === 0) return 0;
    if (wantsJson) writeJson({ error: { code: 'usage', message: thrown.message } });
    return 2;
  }
}

async function perform(client: AdminClient, options: PurgeOptions, world: PurgeWorld): Promise<Done | Refusal> {
  const path = `/projects/${encodeURIComponent(options.project)}/purges`;
  const body = { user_id: options.userId, anonymous_id: options.anonymousId, email: options.email };
  if (options.dryRun === true) {
    const answer = await client.send({
      method: 'POST',
      path,
      body: { ...body, dry_run: true },
      answer: purgePreviewSchema,
    });
    if (answer.kind === 'refused') return answer;
    const { ids, found } = answer.body;
    return { kind: 'done', body: answer.body, text: `Would remove ${ids} ids with these rows:\n${toCounts(found)}` };
  }
  const asked = await client.send({ method: 'POST', path, body, answer: purgeAnswerSchema });
  if (asked.kind === 'refused') return asked;
  return wait(client, asked.body, `${path}/${asked.body.purge_id}`, {
    ...world,
    deadlineMs: Number(options.timeoutS) * 1_000,
  });
}

async function wait(
  client: AdminClient,
  asked: PurgeAnswer,
  path: string,
  { pollMs, deadlineMs, writeError }: PurgeWorld & { deadlineMs: number },
): Promise<Done | Refusal> {
  let purge = asked;
  for (let waitedMs = 0; waitedMs < deadlineMs; waitedMs += pollMs) {
    if (purge.state === 'done') {
      return {
        kind: 'done',
        body: purge,
        text: `Removed ${purge.ids} ids with these rows; none is left:\n${toCounts(purge.found)}`,
      };
    }
    if (purge.state === 'refused') {
      return {
        kind: 'refused',
        code: 'conflict',
        message: `The purge is refused: ${purge.ids} ids are too many for one person.`,
      };
    }
    await delay(pollMs);
    const answer = await client.send({ method: 'GET', path, answer: purgeAnswerSchema });
    // A server that is starting again carries it out; a server that says no will not.
    if (answer.kind === 'refused' && !['no_server', 'internal', 'not_ready'].includes(answer.code)) return answer;
    if (answer.kind === 'answer' && answer.body.state !== purge.state)
      writeError(`The purge is ${answer.body.state} ...\n`);
    if (answer.kind === 'answer') purge = answer.body;
  }
  return {
    kind: 'refused',
    code: 'timeout',
    message: `The purge ${purge.purge_id} is ${purge.state} after ${deadlineMs / 1_000} s. It goes on: ask for it at /admin/v1${path}.`,
  };
}

function toCounts(counts: Readonly<Record<string, number>>): string {
  return toTable(
    Object.entries(counts).map(([table, rows]) => [table, String(rows)]),
    'none',
  );
}
