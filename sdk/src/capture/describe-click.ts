import type { ClickProperties } from '../px.ts';

/** What answers to a click. */
export const actionable =
  'a,button,summary,label,input,select,textarea,option,[role=button],[role=link],[role=tab],[role^=menuitem],[role=option],[role=switch],[role=checkbox],[role=radio]';
const ignored = '[data-px-ignore],input[type=password]';
const masked = '[data-px-mask]';
/** What a person may have typed or chosen, and what is no text of the page: where it is inside, no text is read. */
const unread = `${ignored},${masked},input,textarea,select,option,[contenteditable]:not([contenteditable=false]),script,style,noscript,template`;
const maxTextLength = 64;
const maxClasses = 8;
const maxSteps = 8;
const maxSelectorLength = 255;
const downloads =
  /\.(7z|apk|avi|csv|dmg|docx?|exe|gz|mov|mp[34]|msi|pdf|pkg|pptx?|rar|rtf|tar|txt|wav|wmv|xlsx?|zip)$/i;

/**
 * Gives the properties of a click on a link, button, field or other element; nothing for what is not to be recorded:
 * anything in `data-px-ignore`, password fields, the bare page, a label whose control is clicked with it. A field's value
 * is never read; of what lies in `data-px-mask`, only where it is; of links such as `mailto:`, the scheme. `path` are the
 * click's target and its ancestors, through open shadow roots.
 */
export function describeClick(
  element: Element,
  path: readonly Element[],
  isTextRead: boolean,
): Partial<ClickProperties> | undefined {
  const isIn = (selector: string) => path.some((one) => one.matches(selector));
  if (isIn(ignored) || element.matches('html,body')) return undefined;
  if (element instanceof HTMLLabelElement && element.control?.matches(':enabled')) return undefined;
  const classes = [...element.classList].slice(0, maxClasses);
  const properties: Partial<ClickProperties> = {
    selector: toSelector(path.slice(path.indexOf(element))),
    tag: element.localName,
  };
  // Not element.id: a form field named "id" hides it.
  const id = element.getAttribute('id');
  if (id) properties.id = id;
  if (classes[0]) properties.classes = classes;
  if (isIn(masked)) return properties;
  const isText = isTextRead && (element.matches(actionable) || !element.childElementCount);
  if (isText && !isIn(unread) && !element.querySelector(unread)) {
    const text = `${element.textContent}`.slice(0, 999).replace(/\s+/g, ' ').trim().slice(0, maxTextLength);
    if (text) properties.text = text;
  }
  const link = element.closest('a[href]');
  if (link instanceof HTMLAnchorElement) {
    const isWeb = /^http/.test(link.protocol);
    properties.href = isWeb ? link.href : link.protocol;
    if (link.hasAttribute('download') || downloads.test(link.pathname)) properties.link = 'download';
    else if (isWeb && link.host !== location.host) properties.link = 'outbound';
  }
  for (const { name, value } of element.attributes) {
    if (name.startsWith('data-px-')) properties.data = { ...properties.data, [name.slice(8)]: value };
  }
  return properties;
}

/** Gives a CSS path to an element, the first of `path`, from its nearest ancestor with an id, or from the top; the nearest steps kept. */
function toSelector(path: readonly Element[]): string {
  const steps: string[] = [];
  for (const at of path.slice(0, maxSteps)) {
    const id = at.getAttribute('id');
    let place = 1;
    for (let before = at.previousElementSibling; before; before = before.previousElementSibling) place += 1;
    steps.unshift(at.localName + (id ? `#${CSS.escape(id)}` : `:nth-child(${place})`));
    if (id || at === document.body) break;
  }
  return steps.join(' > ').slice(-maxSelectorLength);
}
