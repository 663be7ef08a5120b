import { type ProblemCode, problemBodySchema, problemStatus } from '@px-platform/schemas';
import { z } from 'zod';
import type { ZodOpenApiMediaTypeObject, ZodOpenApiOperationObject, ZodOpenApiResponseObject } from 'zod-openapi';
import { type Access, accessOf } from './access.ts';
import { everyAnswer, everyRequest, rateHeaders, retryAfter } from './headers.ts';

/** What a body or an answer holds: JSON of a zod schema unless `type` names another media type. */
export interface Content {
  readonly schema: z.ZodType;
  readonly type?: string;
}

/** An answer that is no problem; without content it has no body. */
export interface Answer {
  readonly description: string;
  readonly content?: Content;
  readonly headers?: Readonly<Record<string, z.ZodType>>;
}

/** One route and method, as the document tells it. */
export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** In OpenAPI's form: `/admin/v1/keys/{id}/revoke`. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly access: Access;
  readonly params?: { readonly path?: z.ZodObject; readonly query?: z.ZodObject; readonly header?: z.ZodObject };
  /** Media types of one schema, and an example to begin with. Where it is optional, none counts as `{}`. One that may be gzip says so. */
  readonly body?: {
    readonly schema: z.ZodType;
    readonly types: readonly string[];
    readonly example?: object;
    readonly isOptional?: true;
    readonly isZippable?: true;
  };
  readonly answers: Readonly<Record<number, Answer>>;
  /** Codes beside those that its access brings. */
  readonly problems: readonly ProblemCode[];
}

/** Gives an operation in the form that zod-openapi takes. */
export function toOperationObject(operation: Operation): ZodOpenApiOperationObject {
  const { operationId, tag, summary, description, params, body, access } = operation;
  const { security, headers, problems } = accessOf[access];
  const header = everyRequest.extend({ ...headers, ...params?.header?.shape });
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security: [...security],
    requestParams: { ...params, header },
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            ...(body.isZippable === true ? { description: zippable } : {}),
            required: body.isOptional !== true,
            content: toBody(body),
          },
        }),
    responses: toResponses(operation, [...problems, ...operation.problems]),
  };
}

const zippable = 'Gzip is known by `Content-Encoding: gzip` or by its first bytes, for a page that may set no header.';

function toBody({ schema, types, example }: NonNullable<Operation['body']>): Record<string, ZodOpenApiMediaTypeObject> {
  return Object.fromEntries(types.map((type) => [type, { schema, ...(example === undefined ? {} : { example }) }]));
}

function toResponses({ answers, access }: Operation, problems: readonly ProblemCode[]) {
  const codesOf = Map.groupBy(problems, (code): number => problemStatus[code]);
  const statuses = [...new Set([...Object.keys(answers).map(Number), ...codesOf.keys()])].sort((a, b) => a - b);
  const responses: Record<Status, ZodOpenApiResponseObject> = {};
  for (const status of statuses) {
    const codes = [...new Set(codesOf.get(status) ?? [])].sort();
    const answer = answers[status];
    responses[`${status}` as Status] =
      answer === undefined ? toRefusal(status, codes) : toResponse(answer, codes, accessOf[access].isCounted);
  }
  return responses;
}

type Status = `${1 | 2 | 3 | 4 | 5}${string}`;

/** One component for each set of codes, under a name that tells them. */
function toRefusal(status: number, codes: readonly ProblemCode[]): ZodOpenApiResponseObject {
  const id = [status, ...codes].join('-');
  const refusal = refusals.get(id) ?? {
    id,
    description: list(codes),
    headers: z.object({
      ...everyAnswer,
      ...(status === 429 ? rateHeaders : {}),
      ...(status === 429 || status === 503 ? { 'Retry-After': retryAfter } : {}),
    }),
    content: { 'application/json': { schema: toProblem(codes), example: toExample(codes) } },
  };
  refusals.set(id, refusal);
  return refusal;
}

function toExample([code]: readonly ProblemCode[]) {
  return { error: { code, message: 'What was wrong, and what to do next.', request_id: '019de368-f600-7abc' } };
}

/** The library knows a component by its identity. */
const refusals = new Map<string, ZodOpenApiResponseObject>();

function toResponse(answer: Answer, codes: readonly ProblemCode[], isCounted: boolean): ZodOpenApiResponseObject {
  const description = codes.length === 0 ? answer.description : `${answer.description} Or: ${list(codes)}`;
  const headers = z.object({ ...everyAnswer, ...(isCounted ? rateHeaders : {}), ...answer.headers });
  if (answer.content === undefined) return { description, headers };
  const { type = 'application/json', schema } = answer.content;
  return {
    description,
    headers,
    content: { [type]: { schema: codes.length === 0 ? schema : z.union([schema, toProblem(codes)]) } },
  };
}

/** A problem of one of these codes. */
function toProblem(codes: readonly ProblemCode[]): z.ZodType {
  return z.intersection(problemBodySchema, z.looseObject({ error: z.looseObject({ code: z.enum(codes) }) }));
}

function list(codes: readonly ProblemCode[]): string {
  return codes.map((code) => `\`${code}\``).join(', ');
}
