import type { Guard } from '../ports.ts';
import type { Properties } from '../px.ts';
import { describeClick } from './describe-click.ts';

/** Reports each click on the page by one delegated listener, before the page's own can stop it. Never touches the click. */
export function captureClicks(options: {
  source: Pick<Document, 'addEventListener'>;
  guard: Guard;
  onClick: (properties: Properties) => void;
}): void {
  const listener = options.guard((click: Event) => {
    // Inside an open shadow root, event.target would be the host.
    const target = click.composedPath()[0];
    const element = target instanceof Element ? target : target instanceof Node ? target.parentElement : null;
    const properties = element && describeClick(element);
    if (properties) options.onClick(properties);
  });
  options.source.addEventListener('click', listener, { capture: true, passive: true });
}
