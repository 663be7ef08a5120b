import type { Section, Target } from './section.ts';

/** Writes sections as Markdown, the demands first; columns are padded, so that it reads well as plain text too. */
export function toMarkdown(sections: readonly Section[]): string {
  const targets = sections.flatMap((section) => section.targets);
  const demands = targets.length === 0 ? [] : [`## Demands\n\n${toTable(targetHeader, targets.map(toTargetRow))}`];
  const parts = sections.map(
    (section) => `## ${section.title}\n\n${section.words}\n\n${toTable(section.header, section.rows)}`,
  );
  return `${[...demands, ...parts].join('\n\n')}\n`;
}

const targetHeader = ['what', 'at least', 'measured', ''];

function toTargetRow({ what, atLeast, measured, isMet }: Target): string[] {
  return [what, atLeast, measured, isMet ? 'met' : '**not met**'];
}

function toTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((cell, at) => Math.max(cell.length, 3, ...rows.map((row) => row[at]?.length ?? 0)));
  const toLine = (cells: readonly string[]): string =>
    `| ${widths.map((width, at) => (cells[at] ?? '').padEnd(width)).join(' | ')} |`;
  return [toLine(header), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(toLine)].join(
    '\n',
  );
}
