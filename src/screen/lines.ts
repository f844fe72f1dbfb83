import { escapeInvisible } from '../printable';
import type { Look, Screen } from './screen';
import { pad, widthOf, wrap } from './width';

/** A sentence, wrapped, as what senders write must not reach a terminal unescaped. */
export function sentence(text: string, { width }: Screen): readonly string[] {
  return wrap(escapeInvisible(text), width);
}

/** A sentence that begins below the beginning of the line before it keeps doing so. */
export function indentedSentence(text: string, { width }: Screen): readonly string[] {
  const indent = text.length - text.trimStart().length;
  const lines = wrap(escapeInvisible(text.trimStart()), width === undefined ? width : width - indent);
  return lines.map((line) => ' '.repeat(indent) + line);
}

/** What stands behind a mark, its further lines below its own beginning: `✓ All is there`. */
export function marked(mark: string, look: Look, text: string, { width, style }: Screen): readonly string[] {
  const indent = widthOf(mark) + 1;
  const [first = '', ...others] = wrap(escapeInvisible(text), width === undefined ? width : width - indent);
  return [`${style[look](mark)} ${first}`, ...others.map((line) => ' '.repeat(indent) + line)];
}

/** A title and what it is the title of. Several lines below one title: the others come without. */
export type Titled = readonly [title: string, text: string, look?: Look];

/** Titles in a column, as wide as it needs to be unless told, and what they are titles of beside them. */
export function titled(lines: readonly Titled[], { width, style }: Screen, column?: number): readonly string[] {
  const indent = (column ?? Math.max(...lines.map(([title]) => widthOf(title)))) + 2;
  return lines.flatMap(([title, text, look = 'title']) => {
    const [first = '', ...others] = wrap(escapeInvisible(text), width === undefined ? width : width - indent);
    return [
      `${style[look](title)}${pad('', indent - widthOf(title))}${first}`.trimEnd(),
      ...others.map((line) => ' '.repeat(indent) + line),
    ];
  });
}
