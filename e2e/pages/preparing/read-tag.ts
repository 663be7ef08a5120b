import { readFileSync } from 'node:fs';
import type { Tag } from '../app-under-test.ts';

/** Gives the snippet of the SDK's README, filled in as its reader would. Throws where the README asks for something else. */
export function readTag(given: { endpoint: string; apiKey: string; projectId: string }): Tag {
  const readme = readFileSync(new URL('../../../sdk/README.md', import.meta.url), 'utf8');
  const html = /```html\n(<script>[\s\S]*?<\/script>)\n```/.exec(readme)?.[1] ?? '';
  const filled = [
    ['https://px.example.com', given.endpoint],
    ['px_pub_live_...', given.apiKey],
    ['projectId:"..."', `projectId:${JSON.stringify(given.projectId)}`],
  ].reduce((text, [blank = '', value = '']) => {
    if (!text.includes(blank)) throw new Error(`sdk/README.md has no snippet with ${blank} in it.`);
    return text.replaceAll(blank, value);
  }, html);
  const [, script = '', src = ''] =
    /^<script>\n?([^<]*?)\n?<\/script>\n<script [^>]*src="([^"]+)"><\/script>$/.exec(filled) ?? [];
  if (script === '' || src === '') throw new Error('The snippet of sdk/README.md is no script and the tag of a file.');
  return { html: filled, script, src };
}
