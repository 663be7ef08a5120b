import { attempt } from '../attempt.ts';
import { settings } from '../settings.ts';

/** Names under which the visitor's choice is kept: they outlive an opt-out. */
const isChoice = /^choice/;
/** What can't or must not leave the page. */
const memory: Record<string, string> = {};
let isOpen = false;

/**
 * The store: short texts by name, in the browser's storage under names that begin with the project's prefix. What the
 * visitor did not agree to, and what the browser refuses (quota, private mode, a sandboxed frame), is held in memory for
 * the page's life. Nothing here throws.
 */
function where(name: string): Record<string, string> {
  return isOpen || (isChoice.test(name) && !settings.cookieless) ? window.localStorage : memory;
}

/** Gives the name by which the browser knows it: two projects of one origin are apart. */
export function toKey(name: string): string {
  return `px_${settings.projectId}_${name}`.replace(/[^\w.-]/g, '_');
}

/** Says whether texts may leave the page's memory. */
export function isStored(): boolean {
  return isOpen;
}

/** Gives a text, or ''. */
export function get(name: string): string {
  const key = toKey(name);
  return memory[key] ?? attempt(() => where(name)[key]) ?? '';
}

/** Keeps a text; an empty one removes the name. */
export function set(name: string, value: string): void {
  const key = toKey(name);
  delete memory[key];
  attempt(
    () => {
      if (value) where(name)[key] = value;
      else delete where(name)[key];
    },
    () => {
      memory[key] = value;
    },
  );
}

/** Gives the names of ours, in no order. */
export function names(): string[] {
  const prefix = toKey('');
  const keys = [...Object.keys(memory), ...(attempt(() => Object.keys(where(''))) ?? [])];
  return keys.flatMap((key) => (key.startsWith(prefix) ? key.slice(prefix.length) : []));
}

/** Says whether a text can be nowhere but in this page's memory. */
export function isHeld(name: string): boolean {
  return toKey(name) in memory;
}

/** Lets texts leave the page's memory, and moves what was held there. */
export function openStore(): void {
  isOpen = !settings.cookieless;
  for (const name of names()) set(name, get(name));
}

/** Forgets all but the visitor's choice in an open store, and keeps to memory from now on. */
export function closeStore(): void {
  for (const name of names()) if (!isChoice.test(name)) set(name, '');
  isOpen = false;
}
