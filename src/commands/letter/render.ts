import type { Item, Letter, Section } from './content';

/** A letter as it is written. */
export interface Written {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Where the mail client of Fastmail shows what a search finds. */
const SEARCH = 'https://app.fastmail.com/mail/search:';

/** The most columns of the text. */
const WIDTH = 72;

/** @param links true where the mail client is Fastmail's, whose search a link can open */
export function render(letter: Letter, { links }: { readonly links: boolean }): Written {
  return { subject: letter.subject, text: textOf(letter), html: htmlOf(letter, links) };
}

const GREETING = 'Written by Mailroom into this mailbox. It was not sent, and the next one takes its place.';

function textOf({ sections }: Letter): string {
  return `${[...sections.map(sectionText), wrapped(GREETING, '')].join('\n\n')}\n`;
}

function sectionText({ title, items, ending }: Section): string {
  return [
    `${title}\n${'='.repeat(title.length)}`,
    ...items.map(itemText),
    ...(ending === null ? [] : [wrapped(ending, '')]),
  ].join('\n\n');
}

function itemText({ title, lines, caution }: Item): string {
  const details = [...(caution === null ? [] : [`Careful: ${caution}`]), ...lines];
  return [wrapped(title, ''), ...details.map((line) => wrapped(line, '  '))].join('\n');
}

function wrapped(text: string, indent: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(`${indent}${word}`);
  }
  return lines.join('\n');
}

/** No script, nothing that is loaded from anywhere; dark where the client is. */
const STYLE = `:root{color-scheme:light dark}
body{margin:0;background:#f4f4f2;color:#222;font:16px/1.45 -apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif}
main{max-width:600px;margin:0 auto;padding:16px;overflow-wrap:anywhere}
h1{font-size:20px;margin:8px 0 16px}
h2{font-size:16px;margin:24px 0 8px}
ul{list-style:none;margin:0;padding:0}
li{background:#fff;border:1px solid #ddd;border-radius:8px;padding:10px 12px;margin:0 0 8px}
p{margin:2px 0}
a{color:#0b57d0}
.title{font-weight:600}
.more{color:#555;font-size:14px}
.caution{color:#a3360b;font-weight:600}
@media (prefers-color-scheme:dark){body{background:#161616;color:#eee}li{background:#222;border-color:#444}a{color:#8ab4f8}.more{color:#b5b5b5}.caution{color:#ff9e70}}`;

function htmlOf({ subject, sections }: Letter, links: boolean): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(subject)}</title>
<style>
${STYLE}
</style>
</head>
<body>
<main>
<h1>${escaped(subject)}</h1>
${sections.map((section) => sectionHtml(section, links)).join('\n')}
<p class="more">${escaped(GREETING)}</p>
</main>
</body>
</html>
`;
}

function sectionHtml({ title, items, ending }: Section, links: boolean): string {
  const list = items.length === 0 ? '' : `\n<ul>\n${items.map((item) => itemHtml(item, links)).join('\n')}\n</ul>`;
  return `<h2>${escaped(title)}</h2>${list}${ending === null ? '' : `\n<p class="more">${escaped(ending)}</p>`}`;
}

function itemHtml({ title, search, lines, caution }: Item, links: boolean): string {
  const head = links && search !== null ? `<a href="${escaped(linkTo(search))}">${escaped(title)}</a>` : escaped(title);
  return [
    `<li><p class="title">${head}</p>`,
    ...(caution === null ? [] : [`<p class="caution">Careful: ${escaped(caution)}</p>`]),
    ...lines.map((line) => `<p class="more">${escaped(line)}</p>`),
    '</li>',
  ].join('\n');
}

function linkTo(search: string): string {
  // Halves of surrogate pairs cannot be written in a URL.
  return SEARCH + encodeURIComponent(search.replace(/\p{Cs}/gu, '\ufffd'));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that is nothing but text in HTML, in elements and in quoted attributes. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
