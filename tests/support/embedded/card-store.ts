import { type ContentLine, parseCard, propertyValue } from './vcard-text';

export interface StoredCard {
  readonly text: string;
  readonly lines: readonly ContentLine[];
  readonly etag: string;
}

/** An address book: name of the resource → card. */
export interface Book {
  readonly name: string;
  readonly displayName: string;
  readonly cards: Map<string, StoredCard>;
}

/** One user's address books, in memory. */
export interface CardStore {
  readonly books: Map<string, Book>;
  /** Changes with every write. */
  readonly state: number;
  addBook(name: string, displayName: string): void;
  put(book: Book, name: string, text: string): StoredCard;
  delete(book: Book, name: string): void;
  /** The same cards under the same ETags, on their own from now on. */
  copy(): CardStore;
}

/** Why a card is refused (RFC 6352, section 6.3.2.1): the precondition that fails. */
export type Precondition = 'valid-address-data' | 'supported-address-data' | 'no-uid-conflict';

export function createCardStore(): CardStore {
  const store = cardStoreFrom(new Map(), 1);
  store.addBook('Default', 'personal');
  return store;
}

function cardStoreFrom(known: ReadonlyMap<string, Book>, state: number): CardStore {
  const books = new Map(Array.from(known, ([name, book]) => [name, { ...book, cards: new Map(book.cards) }]));
  let version = state;
  const store: CardStore = {
    books,
    get state() {
      return version;
    },
    addBook(name, displayName) {
      books.set(name, { name, displayName, cards: new Map() });
    },
    put(book, name, text) {
      const card = { text, lines: parseCard(text) ?? [], etag: `"${(++version).toString(16).padStart(8, '0')}"` };
      book.cards.set(name, card);
      return card;
    },
    delete(book, name) {
      version++;
      book.cards.delete(name);
    },
    copy: () => cardStoreFrom(books, version),
  };
  return store;
}

/** The precondition that this text, stored under this name, would break; undefined where it may be stored. */
export function brokenPrecondition(book: Book, name: string, text: string): Precondition | undefined {
  const card = parseCard(text);
  if (card === undefined) return 'valid-address-data';
  const version = propertyValue(card, 'VERSION') ?? '';
  if (!['3.0', '4.0'].includes(version)) return 'supported-address-data';
  const mandatory = version === '3.0' ? ['UID', 'FN', 'N'] : ['UID', 'FN'];
  if (mandatory.some((property) => propertyValue(card, property) === undefined)) return 'valid-address-data';
  const uid = propertyValue(card, 'UID');
  const stored = book.cards.get(name);
  // As Cyrus: the UID of a card stays, but another card may have the same.
  return stored !== undefined && uidOf(stored) !== uid ? 'no-uid-conflict' : undefined;
}

function uidOf({ text }: StoredCard): string | undefined {
  return /^UID:(.*?)\r?$/im.exec(text)?.[1];
}
