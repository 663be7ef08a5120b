import { forms } from './forms.ts';

window.PX?.use?.(forms());
