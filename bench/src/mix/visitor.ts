import { makeVisitors } from '../load/visitors.ts';
import { toUuidV7 } from './ids.ts';
import type { Random } from './random.ts';

/** Who visits, and with what. */
export interface MixVisitor {
  readonly anonymousId: string;
  readonly ip: string;
  readonly userAgent: string;
  readonly context: Readonly<Record<string, unknown>>;
  /** What the SDK remembers of the campaigns that brought the visitor; null where none did. */
  touches: { readonly first_touch: object; readonly last_touch: object } | null;
}

/** Browsers, places and screens are those of the load on the server, met as unevenly as people have them. */
const models = makeVisitors(180 * 12, () => '', 0);

/** Draws a visitor never seen before. Two in five were asked for consent, and gave it. */
export function drawVisitor(random: Random, at: number): MixVisitor {
  const model = models[random.rank(models.length)] ?? models[0];
  if (model === undefined) throw new RangeError('There is nobody to be.');
  const width = 1_000 + random.rank(20) * 16;
  const consent = random.next() < 0.4 ? { consent: { analytics: true, ads: random.next() < 0.6 } } : {};
  return {
    anonymousId: toUuidV7(random, at),
    ip: `${20 + random.below(180)}.${random.below(250)}.${random.below(250)}.${1 + random.below(250)}`,
    userAgent: model.userAgent.replace(/(Chrome|Firefox|Version)\/1(\d\d)/, () => `$1/1${20 + random.rank(20)}`),
    context: { ...model.context, viewport: { width, height: 600 + random.rank(60) * 7 }, ...consent },
    touches: null,
  };
}
