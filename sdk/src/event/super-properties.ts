import { attempt } from '../attempt.ts';
import { get, set } from '../person/store.ts';
import { joinBags, toBagText } from './json-text.ts';
import { keepText } from './keep-text.ts';

const keep = keepText();

/** Gives the JSON of the properties that every event bears, '' for none. What another script cut or wrote over is none. */
export function readSuperProperties(): string {
  const text = get('properties');
  return keep(text, () => text && toBagText(attempt(() => JSON.parse(text))));
}

/** Adds properties to every event from now on. */
export function register(properties: unknown): void {
  set('properties', toBagText(JSON.parse(joinBags(readSuperProperties(), toBagText(properties)))));
}
