import { defaultSchemaVersion, wireSchemaVersion } from '@px-platform/schemas';
import { type Problem, toProblem } from '../http/problem.ts';

// The expression of semver.org, without build metadata's and prerelease's inner rules.
const semver = /^(?:0|[1-9]\d{0,8})\.(?:0|[1-9]\d{0,8})\.(?:0|[1-9]\d{0,8})(?:[-+][0-9A-Za-z.+-]{1,50})?$/;

const [major = ''] = wireSchemaVersion.split('.');

/** Parses `X-Event-Schema-Version`: semver of the major that is taken, default 1.0.0. Gives the version or a problem. */
export function parseSchemaVersion(header: string | string[] | undefined): string | Problem {
  if (header === undefined || header === '') return defaultSchemaVersion;
  const isVersion = typeof header === 'string' && semver.test(header);
  if (isVersion && header.startsWith(`${major}.`)) return header;
  if (isVersion) {
    return toProblem('invalid_schema_version', `Events of version ${header} are not taken; any ${major}.x.y is.`, {
      details: { given: header, current: wireSchemaVersion },
    });
  }
  return toProblem('invalid_schema_version', 'X-Event-Schema-Version is not a semantic version such as 1.0.0.');
}
