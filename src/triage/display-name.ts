import { cleanText } from './card-text';

/**
 * A display name as a card can carry it ({@link cleanText}), in one line, without the quotes that some senders leave
 * around it. Null when nothing is left.
 */
export function cleanName(name: string | null): string | null {
  const clean = cleanText(name ?? '')
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/^(["'])(.*)\1$/u, '$2')
    .trim();
  return clean === '' ? null : clean;
}

/** True when two names differ by more than case, quotes, surrounding space and Unicode form. */
export function namesDiffer(one: string, other: string): boolean {
  return comparableName(one) !== comparableName(other);
}

/** Family and given name: "Family, Given", else the last word is the family name. A single word is a given name. */
export function personName(name: string): { readonly family: string; readonly given: string } {
  const comma = name.indexOf(',');
  if (comma >= 0) return { family: name.slice(0, comma).trim(), given: name.slice(comma + 1).trim() };
  const space = name.lastIndexOf(' ');
  return space < 0
    ? { family: '', given: name }
    : { family: name.slice(space + 1), given: name.slice(0, space).trim() };
}

/** What two names have in common that differ by no more than case, quotes, surrounding space and Unicode form. */
export function comparableName(name: string): string {
  return (cleanName(name) ?? '')
    .normalize('NFC')
    .replace(/["'«»\u2018\u2019\u201c-\u201e]/gu, '')
    .trim()
    .toLowerCase();
}
