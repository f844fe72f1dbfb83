import { cleanText } from '../triage/card-text';
import { type ByteText, fromBytes } from './bytes';

/** The meaning of a text value (RFC 6350, section 3.4; RFC 2426, section 4). An unknown escape is its character. */
export function unescapeText(value: ByteText): string {
  return fromBytes(value.replace(/\\(.)/gs, (_, character: string) => (/[nN]/.test(character) ? '\n' : character)));
}

/** A text value as cards hold it, for a text that {@link cleanText} has been over. */
export function escapeText(text: string): string {
  return text.replace(/[\\,;]/g, '\\$&').replace(/\n/g, '\\n');
}

/** The components of a structured value such as N. */
export function components(value: ByteText): readonly string[] {
  return splitAt(value, [';']).map(unescapeText);
}

/** The lines of a text value, as written. */
export function splitLines(value: ByteText): readonly ByteText[] {
  return splitAt(value, ['\\n', '\\N']);
}

/** {@link cleanText} for each line. */
export function cleanLines(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map(cleanText)
    .join('\n');
}

function splitAt(value: ByteText, separators: readonly string[]): readonly ByteText[] {
  const parts = [''];
  for (const token of value.match(/\\.|[^\\;]+|./gs) ?? []) {
    if (separators.includes(token)) parts.push('');
    // A backslash at the very end escapes nothing, and must not begin to when something comes behind it.
    else parts[parts.length - 1] += token === '\\' ? '\\\\' : token;
  }
  return parts;
}
