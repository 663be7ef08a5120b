import type { FunctionTime } from './read-profile.ts';

/** Which part of the process a function's time belongs to. */
export function toArea({ name, place }: FunctionTime): string {
  if (place === '') return toEngineArea(name);
  if (place.startsWith('node:')) return toNodeArea(place);
  const house = /^(server|processor|schemas|infra\/[a-z]+)\/src\//.exec(place)?.[1];
  if (house !== undefined) return house === 'server' ? toServerArea(place) : house;
  return place.split(/[/:]/, place.startsWith('@') ? 2 : 1).join('/');
}

/** `(idle)` waits for work, `(program)` is native code and system calls: reads, writes, fsync's dispatch. */
function toEngineArea(name: string): string {
  if (name === '(idle)' || name === '(program)' || name === '(garbage collector)') return name;
  return 'native functions called from JavaScript';
}

function toNodeArea(place: string): string {
  if (/http|_incoming|_outgoing/.test(place)) return 'node: http';
  if (/stream|net|buffer|string_decoder/.test(place)) return 'node: streams, sockets, buffers';
  if (/timers|task_queues|async_hooks|promise/.test(place)) return 'node: timers, tasks, async hooks';
  return 'node: other';
}

function toServerArea(place: string): string {
  return `server/${place.split('/')[2] ?? ''}`.replace(/:\d+$/, '');
}
