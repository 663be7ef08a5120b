import type { z } from 'zod';
import { AppError } from './app-error.ts';

/**
 * Parses settings from the environment; an empty value counts as not set. Throws `config_invalid`
 * with the complete list of mistakes.
 */
export function parseConfig<T>(schema: z.ZodType<T, unknown>, env: Readonly<Record<string, string | undefined>>): T {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${toReason(issue)}`);
  throw new AppError(
    'config_invalid',
    `The configuration has mistakes:\n${mistakes.join('\n')}\nSee .env.example for each setting.`,
  );
}

function toReason(issue: z.core.$ZodIssue): string {
  const isMissing = issue.code === 'invalid_type' && issue.expected === 'nonoptional';
  return isMissing ? 'must be set: this process has none of its own' : issue.message;
}
