import {
  auditRowAnswerSchema,
  batchAnswerSchema,
  eventAnswerSchema,
  eventContextSchema,
  eventResultSchema,
  eventSchemaAnswerSchema,
  healthAnswerSchema,
  keyAnswerSchema,
  namedEventSchema,
  problemBodySchema,
  projectAnswerSchema,
  rejectionSchema,
  rowAnswerSchema,
  segmentAnswerSchema,
  singleEventSchema,
  tenantAnswerSchema,
  wireAuditEventSchema,
  wireEventSchema,
} from '@px-platform/schemas';
import { createDocument, type ZodOpenApiOverride } from 'zod-openapi';
import packageJson from '../../package.json' with { type: 'json' };
import { securitySchemes } from './access.ts';
import { adminOperations } from './admin.ts';
import { auditOperations } from './audit.ts';
import { eventOperations } from './events.ts';
import { groupOperations } from './groups.ts';
import { type Operation, toOperationObject } from './operation.ts';
import { personOperations } from './persons.ts';
import { planOperations } from './plans.ts';
import { purgeOperations } from './purges.ts';
import { readingOperations } from './reading.ts';
import { rollupOperations } from './rollups.ts';
import { runningOperations } from './running.ts';
import { sdkOperations } from './sdk.ts';
import { segmentOperations } from './segment.ts';

/** Every route that is mounted, the demo site's own aside; a test compares. A new area is a list here. */
const operations: readonly Operation[] = [
  ...eventOperations,
  ...segmentOperations,
  ...auditOperations,
  ...readingOperations,
  ...adminOperations,
  ...planOperations,
  ...rollupOperations,
  ...personOperations,
  ...groupOperations,
  ...purgeOperations,
  ...runningOperations,
  ...sdkOperations,
];

const description = `Takes events, makes them durable, and answers questions about them. The guide is \`docs/api.md\`.

Every refusal has one shape, \`Problem\`, with a code of the closed list. Beside those that an operation names,
any path may answer 404 \`not_found\`, 405 \`method_not_allowed\` with \`Allow\`, and 400, 408, 415 or 431
\`headers_too_large\` to what is no valid HTTP.
Where the rate of a key is held, each answer to a request that was counted bears \`RateLimit-*\` and \`X-RateLimit-*\`.
Routes that take events answer pages of any origin (CORS, without credentials).`;

const tags = [
  { name: 'Events', description: 'Events of our own form.' },
  {
    name: 'Segment',
    description:
      'Segment’s HTTP tracking API: its clients work by changing the host. JSON under `application/x-www-form-urlencoded` is taken too, as RudderStack’s client sends it.',
  },
  { name: 'Audit', description: 'Who did what to which thing.' },
  { name: 'Reading', description: 'Questions, export, live stream.' },
  { name: 'Admin', description: 'Tenants, projects, keys: for the admin token alone.' },
  { name: 'Running', description: 'Health, metrics, and this document.' },
  { name: 'SDK', description: 'The browser library.' },
];

/** Builds the document of the HTTP interface from the schemas that parse it. Gives the same each time. */
function createOpenApiDocument(): ReturnType<typeof createDocument> {
  const paths: Record<string, Record<string, ReturnType<typeof toOperationObject>>> = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: toOperationObject(operation) };
  }
  return createDocument(
    {
      openapi: '3.1.1',
      info: { title: 'PX', version: packageJson.version, description, license: { name: 'MIT', identifier: 'MIT' } },
      servers: [{ url: '/' }],
      tags,
      paths,
      components: {
        securitySchemes,
        schemas: {
          Problem: problemBodySchema,
          Event: wireEventSchema,
          BatchAnswer: batchAnswerSchema,
          EventAnswer: eventAnswerSchema,
          SegmentAnswer: segmentAnswerSchema,
          Health: healthAnswerSchema,
          SingleEvent: singleEventSchema,
          NamedEvent: namedEventSchema,
          EventContext: eventContextSchema,
          EventResult: eventResultSchema,
          Rejection: rejectionSchema,
          Row: rowAnswerSchema,
          AuditRow: auditRowAnswerSchema,
          AuditEvent: wireAuditEventSchema,
          EventSchema: eventSchemaAnswerSchema,
          Tenant: tenantAnswerSchema,
          Project: projectAnswerSchema,
          Key: keyAnswerSchema,
        },
      },
    },
    { override: toPlainer },
  );
}

/** Gives the document's text, as it is served and committed: `docs/openapi.json`. */
export function toDocumentText(): string {
  return `${JSON.stringify(createOpenApiDocument(), null, 2)}\n`;
}

/**
 * Leaves out what says nothing, or too much: bounds of every number, patterns beside a format, and that an answer has no other
 * field, since a later version may add one.
 */
const toPlainer: ZodOpenApiOverride = ({ jsonSchema, zodSchema, io }) => {
  const { def } = zodSchema._zod;
  const isStrict = def.type === 'object' && def.catchall?._zod.def.type === 'never';
  if (def.type === 'object' && (!isStrict || io === 'output')) delete jsonSchema.additionalProperties;
  if (def.type === 'record') delete jsonSchema.propertyNames;
  if (typeof jsonSchema.format === 'string') delete jsonSchema.pattern;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
};
