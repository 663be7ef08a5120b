import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const leaves = ['Assam', 'Bancha', 'Ceylon', 'Darjeeling', 'Earl Grey', 'Genmaicha', 'Hojicha', 'Keemun'];
const months = ['01', '02', '03', '04', '05'];

/** Writes 40 posts as a blog's author would: with parts that the top links to, a month, a category and tags. */
export function writePosts(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (let number = 1; number <= 40; number += 1) {
    const leaf = leaves[number % leaves.length] ?? '';
    const before = `post-${String(number - 1).padStart(2, '0')}`;
    const day = String(1 + (number % 28)).padStart(2, '0');
    const text = `---
title: ${leaf}, cup ${number}
date: 2026-${months[number % months.length]}-${day} 08:00:00
categories: ${number % 2 ? 'Black' : 'Green'}
tags: [${leaf}, ${number % 3 ? 'morning' : 'evening'}]
---

[The leaf](#leaf) and [the water](#water). ${number > 1 ? `[The cup before]({% post_path ${before} %}).` : ''}

<!-- more -->

<h2 id="leaf">The leaf</h2>

${'It was dry, and it smelled of rain. '.repeat(40)}

<h2 id="water">The water</h2>

${'It came from the hill, and took its time. '.repeat(40)}
`;
    writeFileSync(join(folder, `post-${String(number).padStart(2, '0')}.md`), text);
  }
}
