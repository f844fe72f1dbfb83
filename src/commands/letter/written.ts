import type { OwnMessage } from '../../ports';
import { type LetterFacts, letterOf } from './content';
import { render, type Written } from './render';

/** Senders and domains that a letter tells of, where they are short. */
const MOST_TOLD = 100;
/** Bytes of a message with its headers, as a server may encode it. */
const LARGEST = 90_000;

/** The letter, not larger than that; undefined where there is nothing to tell. */
export function writeLetter(facts: LetterFacts, options: { readonly links: boolean }): Written | undefined {
  for (let most = MOST_TOLD; ; most = Math.floor(most / 2)) {
    const letter = letterOf(facts, most);
    const written = letter && render(letter, options);
    if (written === undefined || sizeOf(written) <= LARGEST || most === 0) return written;
  }
}

/** The larger of what the encodings of RFC 2045, section 6 make of it: three characters for a byte, or four for three bytes. */
function sizeOf({ text, html }: Written): number {
  const whole = text + html;
  const bytes = Buffer.byteLength(whole);
  const plain = whole.replace(/[^\x20-\x3c\x3e-\x7e\n]/g, '').length;
  return Math.max(plain + 3 * (bytes - plain), (4 * bytes) / 3) * 1.05;
}

/** What there is to do so that the mailbox has this letter and no other. */
export interface LetterPlan {
  readonly create: boolean;
  /** Ids of letters to be taken away, once the new one is there. */
  readonly destroy: readonly string[];
}

/** @param letters those of the account, newest first; `header` is the digest of what they say */
export function planLetter(digest: string | undefined, letters: readonly OwnMessage[]): LetterPlan {
  const same = digest === undefined ? undefined : letters.find(({ header }) => header === digest);
  return {
    create: digest !== undefined && same === undefined,
    destroy: letters.filter((letter) => letter !== same).map(({ id }) => id),
  };
}
