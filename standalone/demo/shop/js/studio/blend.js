/**
 * @typedef {object} Blend
 * @property {string} leaf an id of `leaves`; '' until one is chosen
 * @property {readonly string[]} botanicals ids, in the order chosen
 * @property {Readonly<Record<string, number>>} parts how many of each, 1 to 9
 * @property {string} name
 */

const place = 'moss-kettle-blend';
/** How many botanicals a blend takes. */
export const maxBotanicals = 3;
/** In euros, whatever is in it. */
export const blendPrice = 16;

/** @type {Blend} */
export const emptyBlend = { leaf: '', botanicals: [], parts: {}, name: '' };

/** @returns {Blend} what was being blended in this tab */
export function readBlend() {
  try {
    return {
      ...emptyBlend,
      ...JSON.parse(sessionStorage.getItem(place) ?? '{}'),
    };
  } catch {
    return emptyBlend;
  }
}

/** @param {Blend} blend */
export function keepBlend(blend) {
  sessionStorage.setItem(place, JSON.stringify(blend));
}

/** @param {Blend} blend @param {string} leaf @returns {Blend} */
export function chooseLeaf(blend, leaf) {
  const { [blend.leaf]: _, ...others } = blend.parts;
  return { ...blend, leaf, parts: { ...others, [leaf]: 6 } };
}

/** @param {Blend} blend @param {string} id @returns {Blend} with it, or without it where it was in; the same where it is full */
export function toggleBotanical(blend, id) {
  const { [id]: _, ...others } = blend.parts;
  if (blend.botanicals.includes(id)) {
    return {
      ...blend,
      botanicals: blend.botanicals.filter((each) => each !== id),
      parts: others,
    };
  }
  if (blend.botanicals.length >= maxBotanicals) return blend;
  return {
    ...blend,
    botanicals: [...blend.botanicals, id],
    parts: { ...others, [id]: 2 },
  };
}

/** @param {Blend} blend @returns {{ id: string, share01: number }[]} from the bottom of the jar up */
export function toShares(blend) {
  const ids = [blend.leaf, ...blend.botanicals].filter((id) => id !== '');
  const whole = ids.reduce((sum, id) => sum + (blend.parts[id] ?? 0), 0);
  return ids.map((id) => ({ id, share01: (blend.parts[id] ?? 0) / whole }));
}
