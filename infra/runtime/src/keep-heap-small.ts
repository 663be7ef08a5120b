import { setFlagsFromString } from 'node:v8';

/** So much may be made between two full collections, of what outlived the one before. */
const growingPercent = 50;

/**
 * Has V8 collect this process's old generation before it has grown by half; to be called as a process that holds the engine begins. By itself
 * V8 lets it grow up to four times, the more memory the machine has: memory that the engine beside it could use. Nothing is bounded: what
 * lives stays. Source: docs/adr/0037-memory-of-the-engines-process.md.
 */
export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${growingPercent}`);
}
