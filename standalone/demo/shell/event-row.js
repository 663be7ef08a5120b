import { element, svgElement } from './element.js';
import { toCountryName, toFlag } from './flag.js';

/** @typedef {Readonly<Record<string, unknown>>} Row one stored row, keyed by column, instants RFC 3339 */

/**
 * Draws one stored row: what happened, to whom, and what enrichment added; opened, the whole row as JSON.
 * @param {Row} row
 * @returns {HTMLElement}
 */
export function drawEventRow(row) {
  const summary = element(
    'summary',
    {},
    drawIcon(text(row, 'event')),
    element(
      'div',
      { class: 'what' },
      element('strong', {}, text(row, 'event')),
      element('span', { class: 'path' }, toDetail(row)),
    ),
    element('div', { class: 'when' }, drawLatency(row), element('time', {}, toClock(text(row, 'timestamp')))),
    element('div', { class: 'enriched' }, ...drawEnrichment(row)),
  );
  const details = element('details', {}, summary);
  details.addEventListener('toggle', () => fillJson(details, row), {
    once: true,
  });
  const item = element('li', { class: 'event' }, details);
  item.style.setProperty('--hue', String(toHue(text(row, 'session_id'))));
  return item;
}

/**
 * Gives what a person looks for first: the words that were clicked, else the page.
 * @param {Row} row
 */
function toDetail(row) {
  const properties = row['properties'];
  const isClick = row['event'] === 'click' && typeof properties === 'object' && properties !== null;
  const words = isClick ? Reflect.get(properties, 'text') : undefined;
  return typeof words === 'string' && words !== '' ? `“${words}”` : text(row, 'path');
}

/** @param {HTMLElement} details @param {Row} row */
function fillJson(details, row) {
  const known = Object.entries(row).filter(([, value]) => value !== '' && value !== null);
  details.append(element('pre', { tabindex: '0' }, JSON.stringify(Object.fromEntries(known), null, 2)));
}

/** @param {Row} row */
function drawEnrichment(row) {
  const userId = text(row, 'user_id');
  const person = userId === '' ? toShortId(text(row, 'anonymous_id')) : userId;
  const chips = [element('span', { class: 'chip person', title: 'the person' }, person), drawPlace(row)];
  const software = [text(row, 'browser'), text(row, 'os')].filter((name) => name !== '').join(' · ');
  if (software !== '') chips.push(element('span', { class: 'chip' }, drawDevice(text(row, 'device')), software));
  const channel = text(row, 'channel');
  if (channel !== '') chips.push(element('span', { class: 'chip channel' }, toWords(channel)));
  if (row['is_bot'] === true) chips.push(element('span', { class: 'chip bot' }, 'bot'));
  return chips;
}

/** @type {Record<string, string>} */
const devicePaths = {
  desktop: 'M2 3h12v8H2zM6 14h4M8 11v3',
  mobile: 'M5 1.500h6v13H5zM7.500 12.500h1',
  tablet: 'M3 1.500h10v13H3zM7.500 12.500h1',
};

/** @param {string} device */
function drawDevice(device) {
  const path = Object.hasOwn(devicePaths, device) ? devicePaths[device] : devicePaths['desktop'];
  const svg = svgElement('svg', { viewBox: '0 0 16 16', class: 'device', role: 'img', 'aria-label': device });
  svg.append(svgElement('title', {}, device), svgElement('path', { d: path ?? '' }));
  return svg;
}

/** @param {Row} row */
function drawPlace(row) {
  const country = text(row, 'country');
  if (country === '') return element('span', { class: 'chip' }, 'place unknown');
  const flag = toFlag(country);
  const mark = element('b', { class: flag === '' ? 'code' : 'flag', title: toCountryName(country) }, flag || country);
  // DB-IP names districts in brackets: too long for a row, and in its JSON all the same.
  const city = text(row, 'city').replace(/ \(.*$/, '') || toCountryName(country);
  return element('span', { class: 'chip' }, mark, city);
}

/** @param {Row} row */
function drawLatency(row) {
  const ms = Date.parse(text(row, 'stored_at')) - Date.parse(text(row, 'received_at'));
  const node = element('span', {
    class: 'latency',
    title: 'from received to stored',
  });
  if (Number.isFinite(ms)) node.append(ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`);
  return node;
}

/** @type {Record<string, string>} */
const iconPaths = {
  page_view: 'M4 2h5l3 3v9H4zM9 2v3h3',
  click: 'm4 3 8 4-3.4 1.2L7.4 12z',
  identify: 'M8 8a2.6 2.6 0 1 0 0-5.2A2.6 2.6 0 0 0 8 8m-5 5.6a5 5 0 0 1 10 0',
  custom: 'm8 2.4 1.6 3.7 4 .4-3 2.6.9 3.9L8 11l-3.5 2 .9-3.9-3-2.6 4-.4z',
};

/** @param {string} event */
function drawIcon(event) {
  const path = Object.hasOwn(iconPaths, event) ? iconPaths[event] : iconPaths['custom'];
  const svg = svgElement('svg', {
    viewBox: '0 0 16 16',
    class: 'icon',
    'aria-hidden': 'true',
  });
  svg.append(svgElement('path', { d: path ?? '' }));
  return svg;
}

/** @param {Row} row @param {string} column */
function text(row, column) {
  const value = row[column];
  return value === null || value === undefined ? '' : String(value);
}

/** @param {string} id @returns {string} its last characters: a UUIDv7 begins with the time, which many share */
function toShortId(id) {
  return id.length > 8 ? `…${id.slice(-6)}` : id;
}

/** @param {string} value as stored: `organic_search` */
function toWords(value) {
  return value.replaceAll('_', ' ');
}

/** @param {string} instant */
function toClock(instant) {
  const at = new Date(instant);
  return Number.isNaN(at.getTime()) ? '' : at.toLocaleTimeString([], { hour12: false });
}

/** @param {string} id @returns {number} a hue in degrees, the same for the same session; FNV-1a */
function toHue(id) {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index += 1) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  return (hash >>> 0) % 360;
}
