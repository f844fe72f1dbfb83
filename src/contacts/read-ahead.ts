import { type Card, readCard } from './card';
import { type CardSearch, type FoundCard, nameOf } from './card-search';

/** A card as it is kept. */
export interface StoredCard {
  readonly card: Card;
  readonly etag: string;
}

/** Cards that are read together, and of which as many may be in memory. */
const CARDS_AT_ONCE = 50;
/** Bytes of a card that is kept until it is asked for; a larger one is read by itself when its turn comes. */
const MOST_BYTES = 64 * 1024;

/** What `If-Match` takes (RFC 9110, section 13.1.1). */
const STRONG = /^"/;

/** Cards that are about to be changed, read many in one request. Whoever finds none here reads it by itself. */
export class ReadAhead {
  readonly #search: CardSearch;
  readonly #isAsKept: (found: FoundCard) => boolean;
  readonly #parts = new Map<string, () => Promise<ReadonlyMap<string, StoredCard>>>();

  /** @param isAsKept whether the server shows the card in the version in which it is kept */
  constructor(search: CardSearch, isAsKept: (found: FoundCard) => boolean) {
    this.#search = search;
    this.#isAsKept = isAsKept;
  }

  /** Says which cards will be asked for, in this order. Nothing is read before the first of a part is. */
  expect(urls: readonly URL[]): void {
    for (let i = 0; i < urls.length; i += CARDS_AT_ONCE) {
      const part = urls.slice(i, i + CARDS_AT_ONCE);
      let reading: Promise<ReadonlyMap<string, StoredCard>> | undefined;
      const read = () => {
        reading ??= this.#read(part);
        return reading;
      };
      for (const url of part) this.#parts.set(nameOf(url), read);
    }
  }

  /** The card, once; undefined where it was not expected, or did not come byte for byte. */
  async take(url: URL): Promise<StoredCard | undefined> {
    const read = this.#parts.get(nameOf(url));
    this.#parts.delete(nameOf(url));
    return (await read?.())?.get(nameOf(url));
  }

  async #read(urls: readonly URL[]): Promise<ReadonlyMap<string, StoredCard>> {
    try {
      const found = await this.#search.readSmall(urls, (one): [string, StoredCard] | null => {
        const bytes = one.stored();
        if (bytes === null || !STRONG.test(one.etag) || bytes.length > MOST_BYTES || !this.#isAsKept(one)) return null;
        return [nameOf(one.url), { card: readCard(bytes), etag: one.etag }];
      });
      return new Map(found);
    } catch {
      // Each is read again by itself, and says what is wrong.
      return new Map();
    }
  }
}
