import { type Metric, onCLS, onINP, onLCP } from 'web-vitals';
import type { Plugin, Px } from '../px.ts';

/**
 * Records Core Web Vitals as `web_vitals`, one event a metric when the page is hidden: `name` (`LCP`, `INP`, `CLS`),
 * `value` (ms; CLS has no unit), `rating` (`good`, `needs-improvement`, `poor`) and `navigation`. Browsers that don't
 * measure one report none. Source: the `web-vitals` package.
 */
export function vitals(): Plugin {
  return {
    name: 'vitals',
    setup: (px: Px) => {
      const tell = ({ name, value, rating, navigationType }: Metric) =>
        px.track('web_vitals', {
          name,
          value: Math.round(value * 1_000) / 1_000,
          rating,
          navigation: navigationType,
        });
      onLCP(tell);
      onINP(tell);
      onCLS(tell);
    },
  };
}
