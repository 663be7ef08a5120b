import { cutText } from '../event/json-text.ts';
import type { ClickProperties } from '../px.ts';
import { toElementPath } from './element-path.ts';

/** What answers to a click. */
export const actionable =
  'a,button,summary,label,input,select,textarea,option,[role=button],[role=link],[role=tab],[role=menuitem],[role=option],[role=switch],[role=checkbox],[role=radio]';
const ignored = '[data-px-ignore],input[type=password]';
const masked = '[data-px-mask]';
/** What a person may have typed or chosen: its text is never read. */
const holdsInput = 'input,textarea,select,option,[contenteditable]:not([contenteditable=false])';
const unread = `${ignored},${masked},${holdsInput},script,style,noscript,template`;
const maxTextLength = 64;
const maxClasses = 8;
const maxNameLength = 100;
const dataPrefix = 'data-px-';
const downloads =
  /\.(7z|apk|avi|csv|dmg|docx?|exe|gz|mov|mp[34]|msi|pdf|pkg|pptx?|rar|rtf|tar|txt|wav|wmv|xlsx?|zip)$/i;

/**
 * Gives the properties of a click on the first of `elements`, its ancestors after it (through open shadow roots):
 * told of the link, button or field it lies in, else of itself. Gives nothing for what is not to be recorded: anything in
 * `data-px-ignore`, password fields, the bare page, a label whose control is clicked with it. A field's value is never
 * read, and of what lies in `data-px-mask` only where it is.
 */
export function describeClick(elements: readonly Element[], isTextRead: boolean): [Element?, ClickProperties?] {
  const target = elements[0];
  const element = target?.closest(actionable) ?? target;
  if (!element || elements.some((one) => one.matches(ignored)) || /^(html|body)$/.test(element.localName)) return [];
  if (element instanceof HTMLLabelElement && element.control && !element.control.matches(':disabled')) return [];
  const id = element.getAttribute('id');
  const classes = (element.getAttribute('class') ?? '').split(/\s+/).filter(Boolean).slice(0, maxClasses);
  const properties: ClickProperties = { selector: toElementPath(element), tag: element.localName };
  if (id) properties.id = cutText(id, maxNameLength);
  if (classes.length) properties.classes = classes.map((name) => cutText(name, maxNameLength));
  if (elements.some((one) => one.matches(masked))) return [element, properties];
  const text = isTextRead && readText(element);
  if (text) properties.text = text;
  readLink(element, properties);
  for (const { name, value } of Array.from(element.attributes)) {
    if (name.startsWith(dataPrefix)) properties.data = { ...properties.data, [name.slice(dataPrefix.length)]: value };
  }
  return [element, properties];
}

/** Reads a control's or a leaf's text. A container's text is the page's content, not the click's. */
function readText(element: Element): string {
  if (element.closest(holdsInput) || !(element.matches(actionable) || !element.childElementCount)) return '';
  let text = '';
  const walk = (node: Node) => {
    for (let child = node.firstChild; child && text.length < maxTextLength * 4; child = child.nextSibling) {
      if (child instanceof Text) text += child.data.slice(0, maxTextLength * 4);
      else if (child instanceof Element && !child.matches(unread)) walk(child);
    }
  };
  walk(element);
  return cutText(text.replace(/\s+/g, ' ').trim(), maxTextLength).trim();
}

/** Reads a link's address; of mailto:, tel: and the like only the scheme, since the rest names a person. */
function readLink(element: Element, properties: ClickProperties): void {
  const link = element.closest('a');
  const href = link?.getAttribute('href');
  if (!link || !href) return;
  const { protocol, origin, pathname, search, hash, host } = new URL(href, document.baseURI);
  const isWeb = protocol.startsWith('http');
  properties.href = isWeb ? origin + pathname + search + hash : protocol;
  if (link.hasAttribute('download') || downloads.test(pathname)) properties.link = 'download';
  else if (isWeb && host !== location.host) properties.link = 'outbound';
}
