import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { z } from 'zod';

const repositoryRoot = join(import.meta.dirname, '../../..');

/** Settings of `pnpm provision`, from the environment. */
const provisionConfigSchema = z.object({
  PX_URL: z.url({ protocol: /^https?$/, error: 'must be an address like http://127.0.0.1:8000' }),
  PX_ADMIN_TOKEN: z.string().optional(),
  DATA_DIR: z.string(),
});

/** Gives the environment, for `main.ts` to hand on. */
export function readEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}

/** Where the server is, and the token that opens it. */
export interface ProvisionConfig {
  readonly kind: 'config';
  readonly url: string;
  readonly token: string;
}

/** Why there is no configuration: said to whoever called the command. */
export interface ConfigMistake {
  readonly kind: 'mistake';
  readonly message: string;
}

/**
 * Reads `PX_URL` and `PX_ADMIN_TOKEN`, or the token that the embedded server wrote to
 * `DATA_DIR/admin-token`: sought in the folder `from`, those above it, and the repository.
 */
export function readProvisionConfig(env: NodeJS.ProcessEnv, from: string): ProvisionConfig | ConfigMistake {
  const parsed = provisionConfigSchema.safeParse({
    PX_URL: env['PX_URL'] || 'http://127.0.0.1:8000',
    PX_ADMIN_TOKEN: env['PX_ADMIN_TOKEN'] || undefined,
    DATA_DIR: env['DATA_DIR'] || '.px',
  });
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    return { kind: 'mistake', message: `${mistakes.join('; ')}.` };
  }
  const { PX_URL, PX_ADMIN_TOKEN, DATA_DIR } = parsed.data;
  const token = PX_ADMIN_TOKEN ?? readFirst(toTokenFiles(DATA_DIR, from));
  if (token !== null) return { kind: 'config', url: PX_URL.replace(/\/+$/, ''), token };
  return {
    kind: 'mistake',
    message: `There is no admin token in ${join(DATA_DIR, 'admin-token')}, here or above. Start the server once on this machine as this user (npm start), set DATA_DIR to its data folder, or set PX_ADMIN_TOKEN.`,
  };
}

function toTokenFiles(dataDir: string, from: string): string[] {
  if (isAbsolute(dataDir)) return [join(dataDir, 'admin-token')];
  const folders = [from];
  for (let folder = from; dirname(folder) !== folder; folder = dirname(folder)) folders.push(dirname(folder));
  return [...folders, repositoryRoot].map((folder) => join(folder, dataDir, 'admin-token'));
}

function readFirst(files: readonly string[]): string | null {
  for (const file of files) {
    const token = readIfThere(file);
    if (token !== '') return token;
  }
  return null;
}

/** Gives '' for a file that is missing or belongs to another user: the next place may have one. */
function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}
