import type { Network } from './open-network.ts';

/** No network at all: places are this machine's loopback, as nobody is to be cut off. Needs no rights. */
export const loopback: Network = {
  addPlace: async () => ({ host: '127.0.0.1', launch: [] }),
  cut: refuse,
  mend: refuse,
  close: async () => undefined,
};

function refuse(): never {
  throw new TypeError('On loopback nobody is cut off; give the stack a network of its own.');
}
