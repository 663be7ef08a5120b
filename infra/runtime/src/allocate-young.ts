import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 make all objects of this process in its young generation; to be called as a process that answers requests, or a processor of its own, begins. By
 * itself V8 makes what often outlived a collection in the old one from the start, such as a wrapper of `once` on a response: while such
 * an object waits for the next full collection, dead, it holds its request, and so each small collection copies all requests of
 * its time. Source: docs/adr/0027-requests-die-young.md.
 */
export function allocateYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}
