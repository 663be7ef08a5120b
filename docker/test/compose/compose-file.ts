import { parseYaml, readText } from '../read-yaml.ts';

/** One service, as far as the tests look into it. */
export interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string; readonly target: string };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly networks?: { readonly default: { readonly aliases: readonly string[] } };
  readonly deploy?: {
    readonly replicas?: number;
    readonly resources: { readonly limits: { readonly cpus?: string; readonly memory?: string } };
  };
  readonly read_only?: boolean;
  readonly init?: boolean;
  readonly tmpfs?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly stop_grace_period?: string;
}

/** A compose file once its variables are put in. */
export interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const variable = /\$\$|\$\{(?<name>\w+)(?:(?<operator>:-|:\?)(?<rest>[^}]*))?\}/g;

/**
 * Gives the file as `docker compose config` would. Source: the Compose specification, "Interpolation".
 * Throws where a variable that is demanded (`:?`) is missing or empty, with its name.
 */
export function readCompose(path: string, variables: Readonly<Record<string, string>>): ComposeFile {
  const text = readText(path).replace(variable, (whole, ...rest) => {
    if (whole === '$$') return '$';
    const { name, operator, rest: said } = rest.at(-1) as Record<string, string | undefined>;
    const value = variables[name ?? ''];
    if (value) return value;
    if (operator === ':-') return said ?? '';
    if (operator === ':?') throw new Error(`required variable ${name} is missing a value: ${said}`);
    return '';
  });
  const [file] = parseYaml(text);
  return file as ComposeFile;
}

/** Gives the names of the variables in a compose file, each once, and which of them are demanded. */
export function listVariables(path: string): { names: string[]; demanded: string[] } {
  const found = [...readText(path).matchAll(variable)].flatMap(({ groups }) => (groups?.['name'] ? [groups] : []));
  const once = (groups: typeof found) => [...new Set(groups.map(({ name = '' }) => name))].sort();
  return { names: once(found), demanded: once(found.filter(({ operator }) => operator === ':?')) };
}
