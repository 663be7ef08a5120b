import type { ProblemCode } from '@px-platform/schemas';
import type { z } from 'zod';
import { keyRequest } from './headers.ts';

/** Who may ask: nobody is asked, a key that writes events, one that writes audit events, a key or token that reads, the admin token, the near. */
export type Access = 'anyone' | 'writer' | 'auditor' | 'reader' | 'admin' | 'near';

/** What a kind of access says in the document. */
export interface AccessRules {
  /** One of these is enough. */
  readonly security: readonly Record<string, string[]>[];
  readonly headers: Readonly<Record<string, z.ZodType>>;
  readonly problems: readonly ProblemCode[];
  /** Whether requests are counted against a key's rate. */
  readonly isCounted: boolean;
}

const anyKey = [{ bearer: [] }, { apiKeyHeader: [] }, { basic: [] }, { apiKeyQuery: [] }];
const keyProblems: readonly ProblemCode[] = [
  'invalid_parameter',
  'missing_key',
  'malformed_key',
  'unknown_key',
  'invalid_token',
  'revoked_key',
  'expired_key',
  'missing_scope',
  'project_mismatch',
  'rate_limited',
  'internal',
  'not_ready',
];

/** The rules of each kind of access. A `pub` key alone is bound to origins, and it never reads. */
export const accessOf: Readonly<Record<Access, AccessRules>> = {
  anyone: { security: [], headers: {}, problems: [], isCounted: false },
  writer: {
    security: anyKey,
    headers: keyRequest,
    problems: [...keyProblems, 'origin_not_allowed'],
    isCounted: true,
  },
  auditor: { security: anyKey, headers: keyRequest, problems: keyProblems, isCounted: true },
  reader: {
    security: [...anyKey, { readToken: [] }],
    headers: keyRequest,
    problems: keyProblems,
    isCounted: true,
  },
  admin: {
    security: [{ adminToken: [] }],
    headers: {},
    problems: ['missing_key', 'invalid_token', 'internal', 'not_ready'],
    isCounted: false,
  },
  near: { security: [{}, { adminToken: [] }], headers: {}, problems: ['not_private'], isCounted: false },
};

/** How each of them comes with a request. */
export const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer', description: 'A key or a read token.' },
  apiKeyHeader: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'A key or a read token.' },
  basic: { type: 'http', scheme: 'basic', description: 'A key as the user name.' },
  apiKeyQuery: {
    type: 'apiKey',
    in: 'query',
    name: 'api_key',
    description: 'For `sendBeacon`, which can set no header. The body of a route that takes events may bear it too.',
  },
  readToken: { type: 'apiKey', in: 'query', name: 'token', description: 'For `EventSource`, which can set no header.' },
  adminToken: { type: 'http', scheme: 'bearer', description: 'The admin token of the server.' },
} as const;
