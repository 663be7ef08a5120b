import { type ProjectAnswer, projectListSchema } from '@px-platform/schemas';
import type { AdminClient, Answer, Refusal } from '../provision/admin-client.ts';

/** Gives the project of this id; a refusal where there is none. */
export async function findProject(client: AdminClient, projectId: string): Promise<Answer<ProjectAnswer> | Refusal> {
  const listed = await client.send({ method: 'GET', path: '/projects', answer: projectListSchema });
  if (listed.kind === 'refused') return listed;
  const body = listed.body.projects.find(({ project_id }) => project_id === projectId);
  if (body !== undefined) return { kind: 'answer', body };
  return { kind: 'refused', code: 'not_found', message: `There is no project ${projectId}.` };
}
