import { terminalPicture } from './svg';
import type { Screens, Width } from './take';
import { WIDTHS } from './take';

export const DOCUMENT = 'docs/commands.md';

/** Where the pictures of a scene are, seen from the document. */
function pictureOf(name: string, width: Width): string {
  return `screens/${name}-${width}.svg`;
}

/** The files that the screens make: path → content. `document`: what it says now, with its places for screens. */
export function filesFor(document: string, taken: ReadonlyMap<string, Screens>): ReadonlyMap<string, string> {
  const pictures = [...taken].flatMap(([name, { args, coloured }]) =>
    WIDTHS.map(
      (width) =>
        [
          `docs/${pictureOf(name, width)}`,
          terminalPicture(`node dist/run.js ${args.join(' ')}`, coloured.get(width) ?? '', width),
        ] as const,
    ),
  );
  return new Map([[DOCUMENT, withScreens(document, taken)], ...pictures]);
}

const PLACE = /<!-- screen (\S+) -->\n(?:[\s\S]*?\n)??<!-- end of screen -->/g;

function withScreens(document: string, taken: ReadonlyMap<string, Screens>): string {
  const shown = new Set<string>();
  const written = document.replace(PLACE, (_, name: string) => {
    const screens = taken.get(name);
    if (screens === undefined) throw new Error(`${DOCUMENT} has a place for ${name}, of which there is no screen`);
    shown.add(name);
    return `<!-- screen ${name} -->\n${blockOf(name, screens)}\n<!-- end of screen -->`;
  });
  const missing = [...taken.keys()].filter((name) => !shown.has(name));
  if (missing.length > 0) throw new Error(`${DOCUMENT} has no place for the screens ${missing.join(', ')}`);
  return written;
}

function blockOf(name: string, { args, plain }: Screens): string {
  const text = (width: Width): string =>
    ['```console', `$ node dist/run.js ${args.join(' ')}`, plain.get(width), '```'].join('\n');
  const wide = plain.get(120) === plain.get(80) ? [] : [text(120), ''];
  return [
    text(80),
    '',
    `<details><summary>${wide.length === 0 ? 'In colour' : 'At 120 columns, and in colour'}</summary>`,
    '',
    ...wide,
    ...WIDTHS.map((width) => `![${name} at ${width} columns, in colour](${pictureOf(name, width)})`),
    '',
    '</details>',
  ].join('\n');
}
