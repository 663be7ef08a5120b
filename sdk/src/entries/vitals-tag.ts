import { vitals } from './vitals.ts';

window.PX?.use?.(vitals());
