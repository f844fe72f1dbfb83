import type { UnreadableCard } from '../ports';
import { fromBytes } from './bytes';
import type { OnUnreadable } from './card-search';

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
      const unfolded = fromBytes((text ?? '').replace(/(?:\r\n?|\n)[ \t]/g, '')).toLowerCase();
      const named = addresses.filter((address) => unfolded.includes(address.toLowerCase()));
      this.add(url.href, reason, named);
    };
  }
}
