import { attempt } from '../attempt.ts';
import { get, set } from '../person/store.ts';
import { joinBags, toBagText } from './json-text.ts';

let known = ['', ''];

/** Gives the JSON of the properties that every event bears, '' for none. What another script cut or wrote over is none. */
export function readSuperProperties(): string {
  const text = get('properties');
  if (known[0] !== text) known = [text, text && toBagText(attempt(() => JSON.parse(text)))];
  return known[1] ?? '';
}

/** Adds properties to every event from now on. */
export function register(properties: unknown): void {
  set('properties', toBagText(JSON.parse(joinBags(readSuperProperties(), toBagText(properties)))));
}
