import { z } from 'zod';
import type { Operation } from './operation.ts';

/** Any page may load these. */
const headers = {
  'Cache-Control': z.string(),
  'Access-Control-Allow-Origin': z.literal('*'),
};

const asBefore = { description: 'As the client has it.', headers };

/** The browser library, as the server gives it to pages. */
export const sdkOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/sdk/integrity.json',
    operationId: 'sdkIntegrity',
    tag: 'SDK',
    summary: 'Tell the lasting name and the hash of each script',
    access: 'anyone',
    answers: {
      200: {
        description: 'By name; `integrity` is for Subresource Integrity.',
        content: { schema: z.record(z.string(), z.object({ immutable: z.string(), integrity: z.string() })) },
        headers,
      },
      304: asBefore,
    },
    problems: [],
  },
  {
    method: 'get',
    path: '/sdk/{file}',
    operationId: 'sdkFile',
    tag: 'SDK',
    summary: 'Give a file of the SDK',
    description: '`px.js` and its parts for ten minutes, `px.<hash>.js` for ever.',
    access: 'anyone',
    params: { path: z.object({ file: z.string() }) },
    answers: {
      200: { description: 'The file.', content: { type: 'text/javascript', schema: z.string() }, headers },
      302: {
        description: 'To the file of this build: the hash is of another.',
        content: { type: 'text/plain', schema: z.string() },
        headers: { ...headers, Location: z.string() },
      },
      304: asBefore,
    },
    problems: ['invalid_parameter', 'not_found'],
  },
];
