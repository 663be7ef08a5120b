import { type KeyAnswer, keyAnswerSchema, newKeyAnswerSchema, rotatedKeyAnswerSchema } from '@px-platform/schemas';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { collect, parseCount, parseDuration, parseInstant } from './option-values.ts';
import { type Perform, sendAndTell, toTable } from './verb.ts';

const listed = z.object({ keys: z.array(keyAnswerSchema) });

interface CreateOptions {
  readonly project: string;
  readonly kind: string;
  readonly mode: string;
  readonly name?: string;
  readonly scope?: string[];
  readonly expiresIn?: number;
  readonly expiresAt?: string;
  readonly ratePerMinute?: number;
}

/** `key create --project --kind`, `key set <key_id>`, `key list --project`, `key revoke <key_id>` and `key rotate <key_id>`. */
export function addKeyVerbs(program: Command, perform: Perform): void {
  const key = program.command('key').description('keys of a project');
  addCreate(key, perform);
  addSet(key, perform);

  key
    .command('list')
    .description('list the keys of a project')
    .requiredOption('--project <id>', 'the project, prj_...')
    .action(({ project }: { project: string }) =>
      perform((client) =>
        sendAndTell(client, { method: 'GET', path: toKeysPath(project), answer: listed }, ({ keys }) =>
          toTable(keys.map(toLine), 'The project has no keys yet.'),
        ),
      ),
    );

  key
    .command('revoke')
    .description('refuse a key from now on; it holds within 5 s')
    .argument('<key_id>', 'the key, key_...')
    .action((id: string) =>
      perform((client) =>
        sendAndTell(
          client,
          { method: 'POST', path: `/keys/${encodeURIComponent(id)}/revoke`, answer: keyAnswerSchema },
          (body) => `Revoked the key ${toLine(body).join(' ')}`,
        ),
      ),
    );

  key
    .command('rotate')
    .description('make a key like this one, which lives on for a while')
    .argument('<key_id>', 'the key, key_...')
    .option('--overlap <duration>', 'how long the old key is still taken, like 24h', parseDuration)
    .action((id: string, { overlap }: { overlap?: number }) =>
      perform((client) =>
        sendAndTell(
          client,
          {
            method: 'POST',
            path: `/keys/${encodeURIComponent(id)}/rotate`,
            body: { overlap_ms: overlap },
            answer: rotatedKeyAnswerSchema,
          },
          (body) => `${toNewKeyText(body)}\nThe old key ${id} is taken until ${body.rotated_until}.`,
        ),
      ),
    );
}

function addCreate(key: Command, perform: Perform): void {
  key
    .command('create')
    .description('make a key, or give the one in force that does the same, without its secret')
    .requiredOption('--project <id>', 'the project, prj_...')
    .addOption(
      new Option('--kind <kind>', 'pub: for pages, only writes events; srv: for servers')
        .choices(['pub', 'srv'])
        .makeOptionMandatory(),
    )
    .addOption(new Option('--mode <mode>', 'what its text says').choices(['live', 'test']).default('live'))
    .option('--name <name>', 'tells keys of one kind apart')
    .option(
      '--scope <scope>',
      'events:write, audit:write, query:read or admin, for srv keys; repeatable; all but admin where not given',
      collect,
    )
    .addOption(
      new Option('--expires-in <duration>', 'how long it is taken, like 90d')
        .argParser(parseDuration)
        .conflicts('expiresAt'),
    )
    .addOption(new Option('--expires-at <instant>', 'until when it is taken, like 2027-01-31').argParser(parseInstant))
    .option('--rate-per-minute <requests>', "in place of its tenant's tier", parseCount)
    .action((options: CreateOptions) =>
      perform((client) =>
        sendAndTell(
          client,
          {
            method: 'POST',
            path: toKeysPath(options.project),
            body: {
              kind: options.kind,
              mode: options.mode,
              name: options.name,
              scopes: options.scope,
              expires_in_ms: options.expiresIn,
              expires_at: options.expiresAt,
              rate_per_minute: options.ratePerMinute,
            },
            answer: newKeyAnswerSchema,
          },
          toNewKeyText,
        ),
      ),
    );
}

function addSet(key: Command, perform: Perform): void {
  key
    .command('set')
    .description('change a key; it holds within 5 s')
    .argument('<key_id>', 'the key, key_...')
    .option('--name <name>', 'tells keys of one kind apart')
    .option('--rate-per-minute <requests>', "in place of its tenant's tier", parseCount)
    .option('--no-rate-per-minute', "that of its tenant's tier")
    .action((id: string, { name, ratePerMinute }: { name?: string; ratePerMinute?: number | false }) =>
      perform((client) =>
        sendAndTell(
          client,
          {
            method: 'PATCH',
            path: `/keys/${encodeURIComponent(id)}`,
            body: { name, rate_per_minute: ratePerMinute === false ? null : ratePerMinute },
            answer: keyAnswerSchema,
          },
          (body) => `Changed the key ${toLine(body).join(' ')}, ${toRate(body)}`,
        ),
      ),
    );
}

function toRate({ rate_per_minute }: KeyAnswer): string {
  return rate_per_minute === null ? "the rate of its tenant's tier" : `${rate_per_minute} requests a minute`;
}

function toKeysPath(projectId: string): string {
  return `/projects/${encodeURIComponent(projectId)}/keys`;
}

function toNewKeyText(body: KeyAnswer & { key?: string | undefined }): string {
  const line = toLine(body).join(' ');
  if (body.key === undefined) {
    return `There is already the key ${line}\nIts secret was shown once and is kept nowhere. For a new one: pnpm provision key rotate ${body.key_id}`;
  }
  return `Created the key ${line}\n\n  ${body.key}\n\nKeep it now: it is shown this once.`;
}

function toLine(key: KeyAnswer): string[] {
  return [key.name, key.key_id, `${key.prefix}...`, key.scopes.join(','), toState(key)];
}

function toState(key: KeyAnswer): string {
  if (key.revoked_at !== null) return `revoked at ${key.revoked_at}`;
  const use = key.last_used_at === null ? 'never used' : `last used at ${key.last_used_at}`;
  return key.expires_at === null ? use : `${use}, expires at ${key.expires_at}`;
}
