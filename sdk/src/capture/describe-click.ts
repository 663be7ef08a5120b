import { cutText } from '../event/plain-json.ts';
import type { Properties } from '../px.ts';
import { toElementPath } from './element-path.ts';

const actionable =
  'a,button,summary,label,input,select,textarea,option,[role=button],[role=link],[role=tab],[role=menuitem],[role=option],[role=switch],[role=checkbox],[role=radio]';
const ignored = '[data-px-ignore],input[type=password]';
/** What a person may have typed or chosen: its text is never read. */
const holdsInput = 'input,textarea,select,option,[contenteditable]:not([contenteditable=false])';
const unseen = 'script,style,noscript,template';
const maxTextLength = 64;
const maxClasses = 8;
const maxNameLength = 100;
const dataPrefix = 'data-px-';

/**
 * Gives the properties of a click on `target`, told of the link, button or field it lies in, else of itself:
 * `selector`, `tag`, and where present `id`, `classes`, `text` (64 characters at most), `href` and `data`, which holds
 * the data-px-* attributes. Gives null for what is not to be recorded: anything in `data-px-ignore`, password fields,
 * the bare page. A field's value is never read.
 */
export function describeClick(target: Element): Properties | null {
  const element = target.closest(actionable) ?? target;
  if (element.closest(ignored) || target.closest(ignored)) return null;
  if (element.localName === 'html' || element.localName === 'body') return null;
  if (isPassedOn(element)) return null;
  const id = element.getAttribute('id');
  const classes = (element.getAttribute('class') ?? '').split(/\s+/).filter(Boolean).slice(0, maxClasses);
  const text = readText(element);
  const href = readHref(element);
  const data = readData(element);
  return {
    selector: toElementPath(element),
    tag: element.localName,
    ...(id && { id: cutText(id, maxNameLength) }),
    ...(classes.length > 0 && { classes: classes.map((name) => cutText(name, maxNameLength)) }),
    ...(text && { text }),
    ...(href && { href }),
    ...(Object.keys(data).length > 0 && { data }),
  };
}

/** A click on a label is given to its control too, as a click of its own: that one is told. */
function isPassedOn(element: Element): boolean {
  if (!(element instanceof HTMLLabelElement) || element.control === null) return false;
  return !element.control.matches(':disabled');
}

/** Reads a control's or a leaf's text. A container's text is the page's content, not the click's. */
function readText(element: Element): string {
  if (element.closest(holdsInput) || !(element.matches(actionable) || element.childElementCount === 0)) return '';
  let text = '';
  const walk = (node: Node) => {
    for (const child of Array.from(node.childNodes)) {
      if (text.length > maxTextLength * 4) return;
      if (child instanceof Text) text += child.data;
      else if (child instanceof Element && !child.matches(`${ignored},${holdsInput},${unseen}`)) walk(child);
    }
  };
  walk(element);
  return cutText(text.replace(/\s+/g, ' ').trim(), maxTextLength).trim();
}

/** Gives a link's address; of mailto:, tel: and the like only the scheme, since the rest names a person. */
function readHref(element: Element): string {
  const href = element.closest('a[href]')?.getAttribute('href');
  if (href === null || href === undefined) return '';
  try {
    const { protocol, origin, pathname, search, hash } = new URL(href, document.baseURI);
    return protocol.startsWith('http') ? origin + pathname + search + hash : protocol;
  } catch {
    return '';
  }
}

function readData(element: Element): Record<string, string> {
  const data: Record<string, string> = {};
  for (const { name, value } of Array.from(element.attributes)) {
    if (name.startsWith(dataPrefix)) data[name.slice(dataPrefix.length)] = value;
  }
  return data;
}
