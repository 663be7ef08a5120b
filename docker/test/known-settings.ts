import { globSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What is asked here of a zod object. */
interface ConfigSchema {
  readonly shape: Readonly<Record<string, { safeParse(value: string): { success: boolean } }>>;
}

/** The programs that containers run. */
export type Program = 'server' | 'processor' | 'standalone' | 'provision';

/** Says whether a program takes a setting with this value. */
export type TakesSetting = (program: Program, name: string, value: string) => boolean;

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Settings of `pnpm provision`, whose config.ts offers no schema. */
const ofProvision = ['PX_URL', 'PX_ADMIN_TOKEN'];

/** Reads every `...ConfigSchema` of each program; what it takes of infra's stands in its own. */
export async function loadTakesSetting(): Promise<TakesSetting> {
  const schemas: Partial<Record<Program, readonly ConfigSchema[]>> = {};
  for (const program of ['server', 'processor', 'standalone'] as const) {
    const files = globSync(`${program}/src/**/*config.ts`, { cwd: root });
    const modules: Record<string, unknown>[] = await Promise.all(files.map((file) => import(join(root, file))));
    const own = modules.flatMap((module) => Object.values(module).filter(isConfigSchema));
    if (own.length === 0) throw new Error(`Of ${files.join(', ')}, none offers a schema.`);
    schemas[program] = own;
  }
  return (program, name, value) =>
    (program === 'provision' && ofProvision.includes(name)) ||
    (schemas[program]?.some(({ shape }) => shape[name]?.safeParse(value).success === true) ?? false);
}

function isConfigSchema(value: unknown): value is ConfigSchema {
  return typeof value === 'object' && value !== null && 'shape' in value && 'parse' in value;
}
