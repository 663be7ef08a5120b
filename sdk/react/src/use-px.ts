import PX, { type Px } from '@px-platform/sdk';
import { createContext, useContext } from 'react';

/** The SDK of the nearest `PXProvider`. */
export const PxContext = createContext<Px>(PX);

/**
 * Gives the SDK of the nearest `PXProvider`, else that of `@px-platform/sdk`: the same object at each render. On a server its
 * methods do nothing; before `init`, calls wait for it with their time.
 */
export function usePX(): Px {
  return useContext(PxContext);
}
