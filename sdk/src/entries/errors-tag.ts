import { errors } from './errors.ts';

window.PX?.use?.(errors());
