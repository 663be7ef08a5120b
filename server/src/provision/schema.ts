import { readFileSync } from 'node:fs';
import { type EventSchemaAnswer, eventSchemaAnswerSchema } from '@px-platform/schemas';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { type Perform, sendAndTell, toTable } from './verb.ts';

const created = eventSchemaAnswerSchema.extend({ created: z.boolean() });
const deleted = eventSchemaAnswerSchema.extend({ deleted: z.boolean() });
const listed = z.object({ event_schemas: z.array(eventSchemaAnswerSchema) });

interface SchemaOptions {
  readonly project: string;
  readonly event: string;
}

/** `schema set --project --event --file --mode`, `schema list --project` and `schema remove --project --event`. */
export function addSchemaVerbs(program: Command, perform: Perform): void {
  const schema = program.command('schema').description("what a project's events must look like");
  const add = (name: string, description: string) =>
    schema.command(name).description(description).requiredOption('--project <id>', 'the project, prj_...');

  add('set', 'set the schema of an event, in place of the one it has; it holds within 5 s')
    .requiredOption('--event <name>', 'the event, as it is sent')
    .requiredOption('--file <path>', 'JSON Schema of its properties (of traits for identify and group)', readJsonFile)
    .addOption(
      new Option('--mode <mode>', 'what becomes of an event that does not fit')
        .choices(['off', 'warn', 'reject'])
        .default('warn'),
    )
    .action((options: SchemaOptions & { file: unknown; mode: string }) =>
      perform((client) =>
        sendAndTell(
          client,
          {
            method: 'PUT',
            path: toSchemaPath(options),
            body: { mode: options.mode, schema: options.file },
            answer: created,
          },
          (body) => `${body.created ? 'Set' : 'Replaced'} the schema of ${toLine(body).join(' ')}`,
        ),
      ),
    );

  add('list', 'list the events of a project that have a schema').action(({ project }: { project: string }) =>
    perform((client) =>
      sendAndTell(client, { method: 'GET', path: toSchemasPath(project), answer: listed }, ({ event_schemas }) =>
        toTable(event_schemas.map(toLine), 'The project has no event schemas yet.'),
      ),
    ),
  );

  add('remove', 'remove the schema of an event')
    .requiredOption('--event <name>', 'the event')
    .action((options: SchemaOptions) =>
      perform((client) =>
        sendAndTell(
          client,
          { method: 'DELETE', path: toSchemaPath(options), answer: deleted },
          (body) => `Removed the schema of ${body.event}`,
        ),
      ),
    );
}

function toSchemasPath(projectId: string): string {
  return `/projects/${encodeURIComponent(projectId)}/event-schemas`;
}

function toSchemaPath({ project, event }: SchemaOptions): string {
  return `${toSchemasPath(project)}/${encodeURIComponent(event)}`;
}

function toLine({ event, mode, updated_at }: EventSchemaAnswer): string[] {
  return [event, mode, `since ${updated_at}`];
}

function readJsonFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new InvalidArgumentError(cause instanceof SyntaxError ? 'It is not JSON.' : 'It can not be read.');
  }
}
