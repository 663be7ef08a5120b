const maxSteps = 8;
const maxLength = 255;

/**
 * Gives a CSS path to an element from its nearest ancestor with an id, or from the top: `form#buy > div:nth-of-type(2) > button`.
 * At most 8 steps and 255 characters, the nearest kept. It names tags, ids and places, never what a field holds.
 */
export function toElementPath(element: Element): string {
  let path = '';
  let at: Element | null = element;
  for (let steps = 0; at && steps < maxSteps; steps += 1) {
    const step = toStep(at);
    if (path.length + step.length > maxLength - 3) break;
    path = path ? `${step} > ${path}` : step;
    if (step.includes('#') || at.localName === 'body') break;
    at = at.parentElement;
  }
  return path;
}

function toStep(element: Element): string {
  const tag = element.localName;
  // Not element.id: a form field named "id" hides it.
  const id = element.getAttribute('id');
  if (id && id.length <= 100) return `${tag}#${CSS.escape(id)}`;
  let place = 1;
  let hasTwin = false;
  for (let at = element.previousElementSibling; at; at = at.previousElementSibling)
    if (at.localName === tag) place += 1;
  for (let at = element.nextElementSibling; at && !hasTwin; at = at.nextElementSibling) hasTwin = at.localName === tag;
  return place > 1 || hasTwin ? `${tag}:nth-of-type(${place})` : tag;
}
