/** Short texts by key. Nothing here throws; where the browser denies, memory takes over for the page's life. */
export interface KeyValueStore {
  get(key: string): string | null;
  /** Says whether the text will outlive the page. */
  set(key: string, value: string): boolean;
  remove(key: string): void;
  keys(): string[];
}

/**
 * Opens the page's storage. `read` gives it, and may throw (denied, sandboxed frame) or give null (some web views);
 * what it refuses (quota, private mode) is held in memory.
 */
export function openStorage(read: () => Storage | null): KeyValueStore {
  const memory = new Map<string, string>();
  const attempt = <T>(use: (storage: Storage) => T, otherwise: T): T => {
    try {
      const storage = read();
      return storage === null ? otherwise : use(storage);
    } catch {
      return otherwise;
    }
  };
  return {
    get: (key) => memory.get(key) ?? attempt((storage) => storage.getItem(key), null),
    set: (key, value) => {
      const isStored = attempt((storage) => {
        storage.setItem(key, value);
        return true;
      }, false);
      if (isStored) memory.delete(key);
      else memory.set(key, value);
      return isStored;
    },
    remove: (key) => {
      memory.delete(key);
      attempt((storage) => storage.removeItem(key), undefined);
    },
    keys: () => [...memory.keys(), ...attempt(readKeys, [])],
  };
}

function readKeys(storage: Storage): string[] {
  return Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
}
