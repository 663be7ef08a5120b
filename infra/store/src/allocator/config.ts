/** How long (ms) memory that the engine has freed stays with the process before it goes back to the system, unless the environment says otherwise. */
const keptForMs = 1_000;

/**
 * Tells chdb's allocator how long to keep what is free, which it reads from the environment as the engine is loaded: so it is to be called
 * before. By itself it keeps it for 5 s, and what the last questions took adds up. Source: docs/adr/0037-memory-of-the-engines-process.md.
 */
export function tellAllocator(): void {
  process.env['JE_MALLOC_CONF'] ??= `dirty_decay_ms:${keptForMs}`;
}
