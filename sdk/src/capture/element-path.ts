const maxSteps = 8;
const maxLength = 255;

/**
 * Gives a CSS path to an element from its nearest ancestor with an id, or from the top: `form#buy > div:nth-of-type(2) > button`.
 * At most 8 steps and 255 characters, the nearest kept. It names tags, ids and places, never what a field holds.
 */
export function toElementPath(element: Element): string {
  const steps: string[] = [];
  let length = 0;
  for (let at: Element | null = element; at && steps.length < maxSteps; at = at.parentElement) {
    const step = toStep(at);
    length += step.length + 3;
    if (length > maxLength && steps.length > 0) break;
    steps.unshift(step);
    if (step.includes('#') || at.localName === 'body') break;
  }
  return steps.join(' > ');
}

function toStep(element: Element): string {
  const tag = element.localName;
  // Not element.id: a form field named "id" hides it.
  const id = element.getAttribute('id');
  if (id && id.length <= 100) return `${tag}#${CSS.escape(id)}`;
  const twins = Array.from(element.parentElement?.children ?? []).filter((child) => child.localName === tag);
  return twins.length > 1 ? `${tag}:nth-of-type(${twins.indexOf(element) + 1})` : tag;
}
