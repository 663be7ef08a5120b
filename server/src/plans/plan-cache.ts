import type { ControlStore, Project } from '@px-platform/control';
import { type CheckEvent, createPlan, type Plan } from './plan.ts';

/** Of schemas as JSON; what is compiled takes some tens of times as much. */
const defaultMaxBytes = 16 * 1024 * 1024;
/** What a project without a schema in force counts for. */
const bytesPerEntry = 256;

interface Entry {
  readonly version: number;
  readonly plan: Plan | null;
}

/** Gives what a request's events are held against; null where the project has no plan. */
export interface PlanCache {
  find(project: Pick<Project, 'id' | 'plan_version'>): CheckEvent | null | Promise<CheckEvent | null>;
}

/**
 * Keeps the plans of projects, at most `maxBytes` of schemas (default 16 MiB), those longest unused out first. A project's
 * `plan_version` comes with the grant of its key, so a change holds where the grant is looked up again, within 4 s;
 * a request that bears a newer version waits for its plan, and look-ups of one version at once are one. Where the control store is away, the
 * last known plan of the project goes on; where there is none, throws `control_unavailable`: nothing goes by unchecked.
 */
export function createPlanCache(options: {
  readonly control: Pick<ControlStore, 'listEventSchemas'>;
  readonly onLoadFailed: () => void;
  readonly maxBytes?: number;
}): PlanCache {
  const { control, onLoadFailed, maxBytes = defaultMaxBytes } = options;
  const entries = new Map<string, Entry>();
  const pending = new Map<string, Promise<Plan | null>>();
  let bytes = 0;

  /** Puts an entry last; the first are the longest unused. */
  function keep(id: string, entry: Entry): void {
    drop(id);
    entries.set(id, entry);
    bytes += toBytes(entry);
    for (const oldest of entries.keys()) {
      if (bytes <= maxBytes || oldest === id) return;
      drop(oldest);
    }
  }

  function drop(id: string): void {
    const entry = entries.get(id);
    if (entry !== undefined) bytes -= toBytes(entry);
    entries.delete(id);
  }

  async function load(id: string, version: number): Promise<Plan | null> {
    try {
      const schemas = await control.listEventSchemas(id);
      const known = entries.get(id);
      const plan = createPlan(schemas, known?.plan ?? null);
      if (known === undefined || known.version < version) keep(id, { version, plan });
      return plan;
    } catch (cause) {
      onLoadFailed();
      const known = entries.get(id);
      if (known === undefined) throw cause;
      return known.plan;
    } finally {
      pending.delete(`${id} ${version}`);
    }
  }

  return {
    find({ id, plan_version: version }) {
      if (version === 0) return null;
      const known = entries.get(id);
      // A newer one than asked for: the grant of this key was looked up before that of another.
      if (known !== undefined && known.version >= version) {
        keep(id, known);
        return known.plan?.startRequest() ?? null;
      }
      const key = `${id} ${version}`;
      const running = pending.get(key) ?? load(id, version);
      pending.set(key, running);
      return running.then((plan) => plan?.startRequest() ?? null);
    },
  };
}

function toBytes({ plan }: Entry): number {
  return bytesPerEntry + (plan?.bytes ?? 0);
}
