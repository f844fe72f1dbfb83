import type { UnreadableCard } from '../ports';
import { type ByteText, fromBytes } from './bytes';
import type { OnUnreadable } from './card-search';

/** Octets: a card may be megabytes long. */
const PART = 65_536;
const OVERLAP = 4_096;

/** The cards that could not be read, each once, with those of the addresses that may be theirs. */
export class UnreadableCards {
  readonly #cards = new Map<string, UnreadableCard>();

  get all(): readonly UnreadableCard[] {
    return [...this.#cards.values()];
  }

  add(href: string, reason: string, mayBelongTo: readonly string[] = []): void {
    const known = this.#cards.get(href)?.mayBelongTo ?? [];
    this.#cards.set(href, { href, reason, mayBelongTo: [...new Set([...known, ...mayBelongTo])] });
  }

  /** What to do with a card that a search for these folded addresses cannot read: its text, in whatever form, may name one. */
  lookingFor(addresses: readonly string[] = []): OnUnreadable {
    return ({ url, reason, text }) => {
      const named = new Set<string>();
      for (const part of partsOf(text ?? '')) {
        for (const address of addresses) if (part.includes(address.toLowerCase())) named.add(address);
      }
      this.add(url.href, reason, [...named]);
    };
  }
}

/** The text in small letters and without folds, in parts that have in common what is longer than any address. */
function* partsOf(text: ByteText): Generator<string> {
  for (let start = 0; start < text.length; start += PART) {
    yield fromBytes(text.slice(start, start + PART + OVERLAP).replace(/(?:\r\n?|\n)[ \t]/g, '')).toLowerCase();
  }
}
