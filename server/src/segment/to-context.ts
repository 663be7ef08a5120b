import { type EventContext, eventLimits } from '@px-platform/schemas';
import { type Bag, isBag } from '../ingest/clean-bag.ts';
import { cutText } from '../ingest/clean-text.ts';

/**
 * Maps Segment's `context`, and a page call's properties, to ours: page, screen, locale, timezone, library, campaign and
 * client hints. A value of another type than ours is left out, since Segment takes any, and a text too long is cut; keys
 * that have no field of ours are not stored. Gives undefined where nothing is left. Never throws.
 * Source: https://segment.com/docs/connections/spec/common/#context
 */
export function toContext(context: Bag, pageProperties: Bag): EventContext | undefined {
  const page = pickTexts(context['page'], pageFields);
  const shown = pickTexts(pageProperties, pageFields);
  const hints = toClientHints(context['userAgentData']);
  const mapped: EventContext = {
    ...part('page', { ...shown, ...page }),
    ...part('screen', pickSizes(context['screen'])),
    ...text('locale', context['locale'], 100),
    ...text('timezone', context['timezone'], 100),
    ...part('library', pickTexts(context['library'], ['name', 'version'], 100)),
    ...part('campaign', pickTexts(context['campaign'], ['source', 'medium', 'name', 'term', 'content'])),
    ...part('client_hints', hints),
  };
  return Object.keys(mapped).length === 0 ? undefined : mapped;
}

const pageFields = ['url', 'path', 'referrer', 'title', 'search'] as const;

/** High-entropy values as `navigator.userAgentData` gives them -> the header's form, which the device stage reads. */
function toClientHints(given: unknown): Record<string, string> {
  if (!isBag(given)) return {};
  const list = toBrandList(given['fullVersionList']) || toBrandList(given['brands']);
  return {
    ...(list === '' ? {} : text('full_version_list', list, 512)),
    ...text('platform', given['platform'], 64),
    ...text('platform_version', given['platformVersion'], 64),
    ...(typeof given['mobile'] === 'boolean' ? { mobile: given['mobile'] ? '?1' : '?0' } : {}),
    ...text('model', given['model'], 64),
  };
}

function toBrandList(given: unknown): string {
  if (!Array.isArray(given)) return '';
  const brands = given.flatMap((one) => (isBag(one) ? [`"${one['brand']}";v="${one['version']}"`] : []));
  return brands.join(', ');
}

/** Leaves out what is empty. */
function part<K extends string, T extends object>(name: K, value: T): { [P in K]?: T } {
  return Object.keys(value).length === 0 ? {} : ({ [name]: value } as { [P in K]?: T });
}

function text<K extends string>(name: K, value: unknown, maxLength: number): { [P in K]?: string } {
  if (typeof value !== 'string' || value === '') return {};
  const cut = value.length > maxLength ? cutText(value, maxLength) : value;
  return { [name]: cut } as { [P in K]?: string };
}

function pickTexts<K extends string>(
  given: unknown,
  fields: readonly K[],
  maxLength: number = eventLimits.maxStringLength,
): { [P in K]?: string } {
  if (!isBag(given)) return {};
  const picked: { [P in K]?: string } = {};
  for (const field of fields) Object.assign(picked, text(field, given[field], maxLength));
  return picked;
}

function pickSizes(given: unknown): { width?: number; height?: number; density?: number } {
  if (!isBag(given)) return {};
  const sizes: Record<string, number> = {};
  for (const field of ['width', 'height', 'density']) {
    const value = given[field];
    if (typeof value === 'number' && value >= 0 && value <= 1e6) sizes[field] = value;
  }
  return sizes;
}
