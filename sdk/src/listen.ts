import { guard } from './diagnostics.ts';
import { catchUp } from './later.ts';

/** Hears the events of these types (words apart) first, passively, whatever the page made of its own methods: all pass its window. */
export function listen(types: string, run: (event: MouseEvent & PageTransitionEvent) => void): void {
  const handleEvent = guard((event: MouseEvent & PageTransitionEvent) => {
    catchUp();
    run(event);
  });
  for (const type of types.split(' ')) {
    // Not the window's own method, which a page may have replaced.
    EventTarget.prototype.addEventListener.call(window, type, { handleEvent }, { capture: true, passive: true });
  }
}
