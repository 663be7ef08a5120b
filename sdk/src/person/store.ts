import { attempt } from '../attempt.ts';

/** Short texts by name; what there is none of reads ''. Nothing here throws. */
export interface Store {
  readonly get: (name: string) => string;
  /** An empty text removes the name. */
  readonly set: (name: string, value: string) => void;
  readonly names: () => string[];
  /** True lets texts leave the page's memory and moves what is held there; false forgets all, and keeps to memory again. */
  readonly open: (isOpen: boolean) => void;
}

/**
 * Builds the store over the page's storage, under names that begin with `prefix`. `read` gives the storage, and may
 * throw (denied, sandboxed frame) or give null (some web views). Until `open`, and for what the browser refuses (quota,
 * private mode), texts are held in memory for the page's life.
 */
export function createStore(prefix: string, read: () => Storage): Store {
  let memory: Record<string, string> = {};
  let isDiskUsed = false;
  const disk = <T>(run: (storage: Storage) => T) => (isDiskUsed ? attempt(() => run(read())) : undefined);
  const get = (name: string) => memory[name] ?? disk((storage) => storage.getItem(prefix + name)) ?? '';
  const set = (name: string, value: string) => {
    delete memory[name];
    const isWritten = disk((storage) => {
      if (value) storage.setItem(prefix + name, value);
      else storage.removeItem(prefix + name);
      return true;
    });
    if (value && !isWritten) memory[name] = value;
  };
  const names = () => [
    ...Object.keys(memory),
    ...(disk((storage) => Object.keys(storage)) ?? []).flatMap((key) =>
      key.startsWith(prefix) ? key.slice(prefix.length) : [],
    ),
  ];
  return {
    get,
    set,
    names,
    open: (isOpen) => {
      isDiskUsed = true;
      const held = Object.entries(memory);
      for (const [name, value] of held) set(name, value);
      if (isOpen) return;
      for (const name of names()) set(name, '');
      isDiskUsed = false;
      memory = {};
    },
  };
}
