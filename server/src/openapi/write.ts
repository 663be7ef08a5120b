import { writeFileSync } from 'node:fs';
import { toDocumentText } from './document.ts';

// `npm run openapi`: the committed document is what the server serves.
writeFileSync(new URL('../../../docs/openapi.json', import.meta.url), toDocumentText());
