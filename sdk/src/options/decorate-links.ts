import type { Px } from '../px.ts';

/**
 * Adds an id to the address of each link marked `data-px-decorate` as it is clicked, in the parameter that the mark
 * names, else in `parameter`, and records it as `link_decorated`: the page it leads to, and its webhooks, can then be
 * joined to this visit. Never throws into the page.
 */
export function decorateLinks(px: Px, parameter: string): void {
  const decorate = (click: MouseEvent) => {
    const link = click
      .composedPath()
      .find((part) => part instanceof HTMLAnchorElement && part.dataset['pxDecorate'] !== undefined);
    if (!(link instanceof HTMLAnchorElement) || !URL.canParse(link.href)) return;
    const url = new URL(link.href);
    // The browser's own random UUID, on insecure origins too.
    const blob = URL.createObjectURL(new Blob());
    URL.revokeObjectURL(blob);
    const id = blob.slice(-36);
    url.searchParams.set(link.dataset['pxDecorate'] || parameter, id);
    link.href = url.href;
    px.track('link_decorated', { click_id: id, host: url.host, path: url.pathname }, { critical: true });
  };
  for (const type of ['click', 'auxclick'] as const) document.addEventListener(type, decorate, { capture: true });
}
