import { AnalyticsBrowser } from '@segment/analytics-next';

// What the page of the test loads, bundled.
Reflect.set(globalThis, 'AnalyticsBrowser', AnalyticsBrowser);
