import {
  identityDecisionAnswerSchema,
  type PersonAnswer,
  type PersonMergeAnswer,
  personAnswerSchema,
  personMergeListSchema,
} from '@px-platform/schemas';
import { Argument, type Command } from 'commander';
import { parseCount } from './option-values.ts';
import { type Perform, sendAndTell, toTable } from './verb.ts';

interface PersonOptions {
  readonly project: string;
}

/** `person show <id>`, `person merges <id>` and `person decide <id> <decision>`, each with `--project`. */
export function addPersonVerbs(program: Command, perform: Perform): void {
  const person = program.command('person').description('who is who in a project');
  const add = (name: string, description: string) =>
    person
      .command(name)
      .description(description)
      .argument('<id>', 'an anonymous_id or a user_id')
      .requiredOption('--project <id>', 'the project, prj_...');

  add('show', 'show the person whom an id names').action((id: string, { project }: PersonOptions) =>
    perform((client) =>
      sendAndTell(client, { method: 'GET', path: toPersonPath(project, id), answer: personAnswerSchema }, toPersonText),
    ),
  );

  add('merges', 'list what was said of an id, and what came of it')
    .option('--limit <count>', 'the newest of them, 100 unless told', parseCount)
    .action((id: string, { project, limit }: PersonOptions & { limit?: number }) =>
      perform((client) =>
        sendAndTell(
          client,
          {
            method: 'GET',
            path: `${toPersonPath(project, id)}/merges${limit === undefined ? '' : `?limit=${limit}`}`,
            answer: personMergeListSchema,
          },
          ({ merges }) => toTable(merges.map(toLine), `Nothing was said of ${id}.`),
        ),
      ),
    );

  add('decide', 'part an id from whom it joined, make it nobody, lift its limit, or give it back to the rules')
    .addArgument(new Argument('<decision>', 'it holds at once').choices(['apart', 'block', 'trust', 'clear']))
    .option('--by <name>', 'who decides')
    .option('--note <text>', 'why')
    .action((id: string, decision: string, { project, by, note }: PersonOptions & { by?: string; note?: string }) =>
      perform((client) =>
        sendAndTell(
          client,
          {
            method: 'POST',
            path: `/projects/${encodeURIComponent(project)}/identity-decisions`,
            body: { id, decision, decided_by: by, note },
            answer: identityDecisionAnswerSchema,
          },
          (body) => `Decided on ${body.id}: ${body.decision}, at ${body.decided_at} by ${body.decided_by}`,
        ),
      ),
    );
}

function toPersonPath(projectId: string, id: string): string {
  return `/projects/${encodeURIComponent(projectId)}/persons/${encodeURIComponent(id)}`;
}

function toPersonText({ id, person_id, ids, is_identified, identified_at, properties }: PersonAnswer): string {
  if (person_id === null) return `${id} names nobody: it is blocked, or in quarantine.`;
  const state = is_identified ? `identified since ${identified_at}` : 'never identified';
  return `${person_id}, ${state}\nids: ${ids.join(' ')}\n${JSON.stringify(properties)}`;
}

function toLine({ at, id, user_id, source, outcome }: PersonMergeAnswer): string[] {
  return [at, source, id, user_id, outcome];
}
