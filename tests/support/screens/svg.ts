import { widthOf } from '../../../src/screen/width';

/** Measures of the pictures, in pixels. */
const CELL = { width: 8.4, height: 18 };
const MARGIN = 14;

/** Select Graphic Rendition → class of the style sheet. */
const CLASSES: Readonly<Record<string, string>> = { 1: 'b', 2: 'f', 31: 'r', 32: 'g', 33: 'y', 36: 'c' };

const STYLE =
  'text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#d6deeb;white-space:pre}' +
  '.b{font-weight:bold;fill:#fff}.f{opacity:.6}.r{fill:#ff6b6b}.g{fill:#5fd787}.y{fill:#ffd75f}.c{fill:#5fd7ff}';

/** The picture of a terminal that shows this text with SGR sequences. */
export function terminalPicture(title: string, text: string, columns: number): string {
  const lines = text.split('\n');
  const rows = lines.map((line, index) => lineElement(line, index)).filter((row) => row !== '');
  return picture({ title, columns, rows: lines.length, style: STYLE, content: rows.join('\n') });
}

export interface Picture {
  /** For those who cannot see it. */
  readonly title: string;
  readonly columns: number;
  readonly rows: number;
  readonly style: string;
  readonly content: string;
}

export function picture({ title, columns, rows, style, content }: Picture): string {
  const width = Math.ceil(columns * CELL.width + 2 * MARGIN);
  const height = rows * CELL.height + 2 * MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<title>${escaped(title)}</title>`,
    `<style>${style}</style>`,
    `<rect width="100%" height="100%" rx="8" fill="#11161d"/>`,
    content,
    '</svg>',
    '',
  ].join('\n');
}

/** One line of a terminal; nothing for an empty one. */
export function lineElement(line: string, row: number): string {
  const y = MARGIN + (row + 0.75) * CELL.height;
  let column = 0;
  let look = '';
  const spans: string[] = [];
  for (const [index, piece] of line.split('\u001b[').entries()) {
    const [, codes = '', text = ''] = index === 0 ? ['', '', piece] : (/^([\d;]*)m(.*)$/.exec(piece) ?? []);
    if (index > 0) look = lookAfter(codes, look);
    // Spaces are lost in pictures, and letters that a font lacks have another width: columns are told their place.
    for (const part of text.split(/( {2,}|^ )/)) {
      const x = rounded(MARGIN + column * CELL.width);
      if (part.trim() !== '') spans.push(`<tspan x="${x}"${look}>${escaped(part)}</tspan>`);
      column += widthOf(part);
    }
  }
  return spans.length === 0 ? '' : `<text y="${rounded(y)}">${spans.join('')}</text>`;
}

export const STYLES = STYLE;
export const ROW_HEIGHT = CELL.height;

function lookAfter(codes: string, before: string): string {
  const classes = codes.split(';').map((code) => CLASSES[String(Number(code))]);
  const found = classes.findLast((name) => name !== undefined);
  if (found !== undefined) return ` class="${found}"`;
  return /(^|;)(0|22|39|)(;|$)/.test(codes) ? '' : before;
}

function rounded(pixels: number): string {
  return String(Math.round(pixels * 10) / 10);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
