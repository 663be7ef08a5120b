import { attempt } from '../attempt.ts';
import { after } from '../diagnostics.ts';
import { settings } from '../settings.ts';

/** Names under which the visitor's choice is kept: they outlive an opt-out, and are kept before anything else may be. */
const isChoice = /_choice/;
/** What is not yet, can't, or must not be in the browser's storage, by key; '' for what is to be removed from it. */
const memory: Record<string, string> = {};
/** What was read or set in the task at hand: another tab may write in the next. */
let seen: Record<string, string> = {};
let isOpen = false;
let timer = 0;

/** Gives the name by which the browser knows it: two projects of one origin are apart. */
export function toKey(name: string): string {
  return `px_${settings.projectId}_${name}`;
}

/** Says whether a text may stand in the browser's storage, or be read from there. */
function isAllowed(key: string): boolean {
  return !settings.cookieless && (isOpen || isChoice.test(key));
}

/** Says whether texts may leave the page's memory. */
export function isStored(): boolean {
  return isOpen;
}

/**
 * Gives a text of the store, or ''. The store keeps short texts in the browser's storage, which it writes once the task at
 * hand is over: a caller pays for no more than an assignment. What the visitor did not agree to, and what the browser
 * refuses (quota, private mode, a sandboxed frame), is held in memory for the page's life. Nothing here throws.
 */
export function get(name: string): string {
  const key = toKey(name);
  seen[key] ??= read(key);
  return seen[key];
}

function read(key: string): string {
  timer ||= after(0, writeStore);
  const isHere = key in memory || !isAllowed(key);
  return (isHere ? memory[key] : attempt(() => window.localStorage.getItem(key))) ?? '';
}

/** Keeps a text; an empty one removes the name. */
export function set(name: string, value: string): void {
  const key = toKey(name);
  memory[key] = seen[key] = value;
  timer ||= after(0, writeStore);
}

/** Writes now what waits to be written. */
export function writeStore(): void {
  clearTimeout(timer);
  timer = 0;
  seen = {};
  for (const [key, value] of Object.entries(memory)) {
    attempt(() => {
      if (!isAllowed(key)) return;
      if (value) window.localStorage.setItem(key, value);
      else window.localStorage.removeItem(key);
      delete memory[key];
    });
  }
}

/** Gives the names of ours, in no order. */
export function names(): string[] {
  const keys = new Set([
    ...Object.keys(memory),
    ...((isOpen && attempt(() => Object.keys(window.localStorage))) || []),
  ]);
  const prefix = toKey('');
  return [...keys].flatMap((key) => (key.startsWith(prefix) && memory[key] !== '' ? key.slice(prefix.length) : []));
}

/** Says whether a text could not leave this page's memory. */
export function isHeld(name: string): boolean {
  return toKey(name) in memory;
}

/** Lets texts leave the page's memory. */
export function openStore(): void {
  isOpen = !settings.cookieless;
  seen = {};
  timer ||= after(0, writeStore);
}

/** Forgets all but the visitor's choice in an open store, and keeps to memory from now on. */
export function closeStore(): void {
  for (const name of names()) if (!isChoice.test(toKey(name))) set(name, '');
  writeStore();
  isOpen = false;
}
