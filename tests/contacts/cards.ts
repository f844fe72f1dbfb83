import { toBytes } from '../../src/contacts/bytes';
import { type Card, cardBytes, readCard } from '../../src/contacts/card';

/** A card with these lines between its BEGIN and its END. */
export function card(lines: readonly string[], { version = '3.0', lineEnd = '\r\n' } = {}): string {
  return ['BEGIN:VCARD', `VERSION:${version}`, ...lines, 'END:VCARD', ''].join(lineEnd);
}

export function parse(text: string): Card {
  return readCard(toBytes(text));
}

export function textOf(read: Card | undefined): string {
  if (read === undefined) throw new Error('The card was not changed');
  return cardBytes(read).toString();
}

/** Content lines without their folds. */
export function unfolded(text: string): readonly string[] {
  return text.replace(/\r?\n[ \t]/g, '').split(/\r?\n/);
}

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A contact's card with what any contact has, and these lines. */
export function contactCard(uid: string, ...lines: readonly string[]): string {
  return card([`UID:${uid}`, 'FN:x', 'N:;;;;', ...lines]);
}
