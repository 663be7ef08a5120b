import { type GroupAnswer, groupAnswerSchema } from '@px-platform/schemas';
import type { Command } from 'commander';
import { type Perform, sendAndTell } from './verb.ts';

/** `group show <group_id> --project <id>`. */
export function addGroupVerbs(program: Command, perform: Perform): void {
  program
    .command('group')
    .description('what is known of the groups of a project')
    .command('show')
    .description('show how many persons a group has, and its properties')
    .argument('<group_id>', 'as it was sent')
    .requiredOption('--project <id>', 'the project, prj_...')
    .action((groupId: string, { project }: { readonly project: string }) =>
      perform((client) =>
        sendAndTell(
          client,
          {
            method: 'GET',
            path: `/projects/${encodeURIComponent(project)}/groups/${encodeURIComponent(groupId)}`,
            answer: groupAnswerSchema,
          },
          toGroupText,
        ),
      ),
    );
}

function toGroupText({ group_id, members, first_at, last_at, properties }: GroupAnswer): string {
  const since = first_at === null ? '' : `, joined from ${first_at} to ${last_at}`;
  return `${group_id}, ${members} ${members === 1 ? 'member' : 'members'}${since}\n${JSON.stringify(properties)}`;
}
