import { type ProjectAnswer, projectAnswerSchema } from '@px-platform/schemas';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { collect, parseCount } from './option-values.ts';
import { addNoSettingOptions, addSettingOptions, type SettingOptions, toSettings } from './setting-options.ts';
import { type Perform, sendAndTell, toTable } from './verb.ts';

const created = projectAnswerSchema.extend({ created: z.boolean() });
const listed = z.object({ projects: z.array(projectAnswerSchema) });

interface ProjectOptions extends SettingOptions {
  readonly origin?: string[] | false;
  readonly ipPolicy?: string;
  readonly retentionDays?: number;
}

/** `project create <name> --tenant`, `project set <project_id>` and `project list [--tenant]`; a tenant is named by slug or id. */
export function addProjectVerbs(program: Command, perform: Perform): void {
  const project = program.command('project').description('sites and apps of a tenant');

  addOptions(project.command('create'))
    .description('make a project, or give the one that the tenant has under this name')
    .argument('<name>', 'what people call it')
    .requiredOption('--tenant <slug or id>', 'whose it is')
    .action((name: string, options: ProjectOptions & { tenant: string }) =>
      perform((client) =>
        sendAndTell(
          client,
          {
            method: 'POST',
            path: '/projects',
            body: { tenant: options.tenant, name, ...toBody(options) },
            answer: created,
          },
          (body) => `${body.created ? 'Created' : 'There is already'} the project ${toLine(body).join(' ')}`,
        ),
      ),
    );

  addNoSettingOptions(addOptions(project.command('set')))
    .description('change a project; it holds within 5 s, for events that come from then on')
    .argument('<project_id>', 'the project, prj_...')
    .option('--no-origin', 'any site may use its pub keys')
    .action((id: string, options: ProjectOptions) =>
      perform((client) =>
        sendAndTell(
          client,
          {
            method: 'PATCH',
            path: `/projects/${encodeURIComponent(id)}`,
            body: toBody(options),
            answer: projectAnswerSchema,
          },
          (body) => `Changed the project ${toLine(body).join(' ')}\n${toTerms(body)}`,
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

function addOptions(verb: Command): Command {
  return addSettingOptions(
    verb
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
      .option('--retention-days <days>', 'how long events are kept', parseCount),
  );
}

function toBody(options: ProjectOptions) {
  return {
    origins: options.origin === false ? [] : options.origin,
    ip_policy: options.ipPolicy,
    retention_days: options.retentionDays,
    settings: toSettings(options),
  };
}

/** What it asks of its events, on a line. */
function toTerms({ ip_policy, retention_days, settings }: ProjectAnswer): string {
  return `addresses: ${ip_policy}, kept for ${retention_days} days, settings: ${JSON.stringify(settings)}`;
}

function toLine(project: ProjectAnswer): string[] {
  return [project.name, project.project_id, project.origins.join(' ') || 'any origin'];
}
