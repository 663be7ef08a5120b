import { type ProjectAnswer, projectAnswerSchema } from '@px-platform/schemas';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { collect, parseCount } from './option-values.ts';
import { type Perform, sendAndTell, toTable } from './verb.ts';

const created = projectAnswerSchema.extend({ created: z.boolean() });
const listed = z.object({ projects: z.array(projectAnswerSchema) });

interface CreateOptions {
  readonly tenant: string;
  readonly origin?: string[];
  readonly ipPolicy?: string;
  readonly retentionDays?: number;
}

/** `project create <name> --tenant` and `project list [--tenant]`; a tenant is named by slug or id. */
export function addProjectVerbs(program: Command, perform: Perform): void {
  const project = program.command('project').description('sites and apps of a tenant');

  project
    .command('create')
    .description('make a project, or give the one that the tenant has under this name')
    .argument('<name>', 'what people call it')
    .requiredOption('--tenant <slug or id>', 'whose it is')
    .option(
      '--origin <origin>',
      'a site that may use its pub keys, https://acme.com or https://*.acme.com; repeatable',
      collect,
    )
    .addOption(
      new Option('--ip-policy <policy>', "what is kept of visitors' IP addresses").choices([
        'drop',
        'truncate',
        'keep',
      ]),
    )
    .option('--retention-days <days>', 'how long events are kept', parseCount)
    .action((name: string, options: CreateOptions) =>
      perform((client) =>
        sendAndTell(
          client,
          {
            method: 'POST',
            path: '/projects',
            body: {
              tenant: options.tenant,
              name,
              origins: options.origin,
              ip_policy: options.ipPolicy,
              retention_days: options.retentionDays,
            },
            answer: created,
          },
          (body) => `${body.created ? 'Created' : 'There is already'} the project ${toLine(body).join(' ')}`,
        ),
      ),
    );

  project
    .command('list')
    .description('list the projects of a tenant, or all')
    .option('--tenant <slug or id>', 'only those of this tenant')
    .action(({ tenant }: { tenant?: string }) =>
      perform((client) =>
        sendAndTell(
          client,
          {
            method: 'GET',
            path: tenant === undefined ? '/projects' : `/projects?${new URLSearchParams({ tenant })}`,
            answer: listed,
          },
          ({ projects }) => toTable(projects.map(toLine), 'There are no projects yet.'),
        ),
      ),
    );
}

function toLine(project: ProjectAnswer): string[] {
  return [project.name, project.project_id, project.origins.join(' ') || 'any origin'];
}
