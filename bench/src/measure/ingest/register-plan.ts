import { eventNames } from '../../load/make-bodies.ts';
import type { Standalone } from '../../processes/standalone.ts';

/** A schema such as a team would write for these events; what is sent passes it. */
const schema = {
  type: 'object',
  required: ['sku', 'position'],
  properties: {
    sku: { type: 'string', pattern: '^[a-z]+(-[a-z]+)*$', maxLength: 64 },
    position: { type: 'integer', minimum: 0, maximum: 1_000 },
    list: { enum: ['seasonal', 'all'] },
    price: { type: 'number', exclusiveMinimum: 0 },
    currency: { type: 'string', pattern: '^[A-Z]{3}$' },
  },
  additionalProperties: false,
};

/** Registers a schema in mode `reject` for each name of the load. */
export async function registerPlan(standalone: Standalone): Promise<void> {
  for (const event of eventNames) {
    const path = `/admin/v1/projects/${standalone.projectId}/event-schemas/${encodeURIComponent(event)}`;
    await standalone.askAdmin('PUT', path, { mode: 'reject', schema });
  }
  // Until the server has heard of it.
  await new Promise((resolve) => setTimeout(resolve, 5_000));
}
