import { globSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What is asked here of a zod object. */
interface ConfigSchema {
  readonly shape: Readonly<Record<string, { safeParse(value: string): { success: boolean } }>>;
}

/** Says whether a process takes a setting with this value. */
export type TakesSetting = (name: string, value: string) => boolean;

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Settings of `pnpm provision`, whose config.ts offers no schema. */
const ofProvision = ['PX_URL', 'PX_ADMIN_TOKEN'];

/** Reads every `...ConfigSchema` of the processes and of infra. */
export async function loadTakesSetting(): Promise<TakesSetting> {
  const files = globSync('{server,processor,standalone,infra/*}/src/**/*config.ts', { cwd: root });
  const schemas: ConfigSchema[] = [];
  for (const file of files) {
    const module: Record<string, unknown> = await import(join(root, file));
    schemas.push(...Object.values(module).filter(isConfigSchema));
  }
  if (schemas.length < 3) throw new Error(`Of ${files.join(', ')}, only ${schemas.length} offer a schema.`);
  return (name, value) =>
    ofProvision.includes(name) || schemas.some(({ shape }) => shape[name]?.safeParse(value).success === true);
}

function isConfigSchema(value: unknown): value is ConfigSchema {
  return typeof value === 'object' && value !== null && 'shape' in value && 'parse' in value;
}
