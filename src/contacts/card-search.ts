import { MailroomError } from '../errors';
import type { HttpClient } from '../http/client';
import { printable } from '../http/confidential';
import { isTooLong, MAX_BYTES } from '../http/fetch';
import { Slots } from '../http/slots';
import type { ByteText } from './bytes';
import { type Card, readCard } from './card';
import { type DavElement, davAnswer, unexpected } from './dav';
import type { Book } from './discovery';
import { carddav, dav, textOf } from './multistatus';
import { NO_PRIVILEGE } from './precondition';
import { addressbookMultiget, addressbookQuery, type CardData, type CardQuery, type DavBody } from './queries';

/** A card as a REPORT shows it: perhaps not whole, perhaps in another version than it is kept in. */
export interface FoundCard {
  readonly url: URL;
  readonly etag: string;
  readonly card: Card;
  /** The bytes of the resource, where it is certain that the whole card was shown as it is kept; else null. */
  readonly stored: () => ByteText | null;
}

/** A card of which nothing can be made. */
export interface UnreadableCard {
  readonly url: URL;
  /** Why, as part of a sentence. */
  readonly reason: string;
  /** What the server sent for it; null where that is nothing, or too much. */
  readonly text: ByteText | null;
  /** What the server says of it. */
  readonly status: number;
}

/** What is made of a card; null where there is no use for it. */
export type CardReader<T> = (found: FoundCard) => T | null;

/** Hears of the cards that cannot be read: they stop nobody who has nothing to do with them. */
export type OnUnreadable = (card: UnreadableCard) => void;

type Named<T> = readonly [name: string, value: T];

/** `cut off`: more cards match than the server wants to show. `unsure`: a card that matches is kept back. */
type Outcome = 'whole' | 'too long' | 'cut off' | 'unsure';

/** Texts or URLs in one REPORT. */
const ITEMS_AT_ONCE = 50;
/** Bytes that the answer to a part of a question may have: several come at the same time. Longer ones are asked for in smaller parts. */
const PAGE_BYTES = 2 * 1024 * 1024;
const GONE = [404, 410];
/** RFC 6352, section 8.6.1. */
const TOO_MANY = 507;
const TOO_MANY_PRECONDITION = 'number-of-matches-within-limits';

/** Reads cards of one address book in few requests. */
export class CardSearch {
  readonly #book: Book;
  readonly #http: HttpClient;
  /** Answers that are as long as can be borne come one at a time. */
  readonly #large = new Slots(1);

  constructor(book: Book, http: HttpClient) {
    this.#book = book;
    this.#http = http;
  }

  /** The cards that pass. @throws MailroomError `protocol` where the server shows a part of them alone */
  async query<T>(query: CardQuery, read: CardReader<T>, onUnreadable: OnUnreadable): Promise<readonly T[]> {
    const { found, outcome } = await this.#ask(addressbookQuery(query), MAX_BYTES, readingCards(read, onUnreadable));
    if (outcome === 'cut off') throw this.#cutOff();
    if (outcome !== 'too long') return found.map(([, value]) => value);
    return this.read(await this.urls(query), read, onUnreadable, query);
  }

  /** Where the cards are that pass: a small part of what they hold. @throws as {@link query} */
  async urls(query: CardQuery): Promise<readonly URL[]> {
    const { found, outcome } = await this.#ask(
      addressbookQuery({ ...query, properties: [] }),
      MAX_BYTES,
      ({ url }) => url,
    );
    if (outcome !== 'whole') throw this.#cutOff();
    return found.map(([, url]) => url);
  }

  /**
   * The cards that pass `queryFor` some of the items, which go out in chunks side by side; a chunk whose answer is too
   * much, or not all, is halved. `unanswered`: items that match too much, or a card which cannot be shown.
   */
  async queryEach<I, T>(
    items: readonly I[],
    queryFor: (some: readonly I[]) => CardQuery,
    read: CardReader<T>,
    onUnreadable: OnUnreadable,
  ): Promise<{ readonly values: readonly T[]; readonly unanswered: readonly I[] }> {
    const bodyFor = (some: readonly I[]) => addressbookQuery(queryFor(some));
    const reading = readingCards(read, onUnreadable);
    const { found, unanswered } = await this.#inChunks(items, bodyFor, (element) => {
      return isKeptBack(element) ? (reading(element) ?? 'unsure') : reading(element);
    });
    return { values: [...new Map(found).values()], unanswered };
  }

  /** The cards, whole where nothing else is said, in the order of their URLs; what is gone is left out. */
  async read<T>(
    urls: readonly URL[],
    read: CardReader<T>,
    onUnreadable: OnUnreadable,
    data?: CardData,
  ): Promise<readonly T[]> {
    const bodyFor = (some: readonly URL[]) => addressbookMultiget(some, data);
    const { found, unanswered } = await this.#inChunks(urls, bodyFor, readingCards(read, onUnreadable));
    for (const url of unanswered) onUnreadable({ url, reason: 'is too large', text: null, status: 207 });
    const values = new Map(found);
    return urls.flatMap((url) => {
      const value = values.get(nameOf(url));
      return value === undefined ? [] : [value];
    });
  }

  /** Whole cards that come in answers of {@link PAGE_BYTES}; the others are left out. */
  async readSmall<T>(urls: readonly URL[], read: CardReader<T>): Promise<readonly T[]> {
    const reading = readingCards(read, () => {});
    const { found } = await this.#inChunks(urls, addressbookMultiget, reading, PAGE_BYTES);
    return found.map(([, value]) => value);
  }

  /**
   * Names of the cards with these UIDs that are kept as vCard 4.0: the server may show them as 3.0, and Cyrus 3.10 then
   * without the `urn:uuid:` that stands in the card.
   */
  async keptAsVersion4(uids: readonly string[]): Promise<ReadonlySet<string>> {
    const bodyFor = (some: readonly string[]) =>
      addressbookQuery({
        test: 'allof',
        filters: [
          { name: 'VERSION', match: 'equals', texts: ['4.0'] },
          { name: 'UID', match: 'equals', texts: some.flatMap((uid) => [uid, `urn:uuid:${uid}`]) },
        ],
        properties: [],
      });
    const { found, unanswered } = await this.#inChunks(uids, bodyFor, () => true);
    if (unanswered.length > 0) throw this.#cutOff();
    return new Set(found.map(([name]) => name));
  }

  async #inChunks<I, T>(
    items: readonly I[],
    bodyFor: (some: readonly I[]) => DavBody,
    read: (element: DavElement) => T | null | 'unsure',
    mostBytes = MAX_BYTES,
  ): Promise<{ readonly found: readonly Named<T>[]; readonly unanswered: readonly I[] }> {
    const chunks: (readonly I[])[] = [];
    for (let i = 0; i < items.length; i += ITEMS_AT_ONCE) chunks.push(items.slice(i, i + ITEMS_AT_ONCE));
    return joined(await Promise.all(chunks.map((chunk) => this.#halving(chunk, bodyFor, read, mostBytes))));
  }

  async #halving<I, T>(
    items: readonly I[],
    bodyFor: (some: readonly I[]) => DavBody,
    read: (element: DavElement) => T | null | 'unsure',
    mostBytes: number,
  ): Promise<{ readonly found: readonly Named<T>[]; readonly unanswered: readonly I[] }> {
    const body = bodyFor(items);
    let { found, outcome } = await this.#ask(body, PAGE_BYTES, read);
    if (outcome === 'too long' && items.length === 1 && mostBytes > PAGE_BYTES) {
      ({ found, outcome } = await this.#large.run(undefined, () => this.#ask(body, mostBytes, read)));
    }
    if (outcome === 'whole') return { found, unanswered: [] };
    if (items.length > 1) {
      const half = Math.ceil(items.length / 2);
      const halves = [items.slice(0, half), items.slice(half)];
      return joined(await Promise.all(halves.map((some) => this.#halving(some, bodyFor, read, mostBytes))));
    }
    return { found, unanswered: items };
  }

  async #ask<T>(
    body: DavBody,
    maxBytes: number,
    read: (element: DavElement) => T | null | 'unsure',
  ): Promise<{ readonly found: readonly Named<T>[]; readonly outcome: Outcome }> {
    let outcome: Outcome = 'whole';
    try {
      const answer = await davAnswer(
        this.#http,
        { method: 'REPORT', url: this.#book.url, depth: '1', body, maxBytes },
        (element): Named<T> | null => {
          if (element.status === TOO_MANY) outcome = 'cut off';
          if (outcome === 'cut off' || GONE.includes(element.status)) return null;
          const value = read(element);
          if (value === 'unsure') outcome = 'unsure';
          return value === null || value === 'unsure' ? null : [nameOf(element.url), value];
        },
      );
      const { found, status, precondition } = answer;
      if (status === TOO_MANY || precondition === TOO_MANY_PRECONDITION) return { found, outcome: 'cut off' };
      if (status === 403 && [null, NO_PRIVILEGE].includes(precondition)) {
        throw this.#http.credentialsError(`reading ${printable(this.#book.url)} is not allowed`);
      }
      if (status !== 207) throw unexpected('REPORT', answer);
      return { found, outcome };
    } catch (error) {
      if (isTooLong(error)) return { found: [], outcome: 'too long' };
      throw error;
    }
  }

  #cutOff(): MailroomError {
    return new MailroomError({
      code: 'protocol',
      message: `CardDAV: ${printable(this.#book.url)} shows a part of the matching cards alone`,
    });
  }
}

/** A resource's name in its collection, whatever of it is percent-encoded. */
export function nameOf({ pathname }: URL): string {
  const name = pathname.slice(pathname.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function readingCards<T>(read: CardReader<T>, onUnreadable: OnUnreadable): (element: DavElement) => T | null {
  return (element) => {
    const { url, status, properties } = element;
    const text = properties.get(carddav('address-data'))?.text.trim() ?? '';
    if (isKeptBack(element)) {
      const reason = status >= 300 ? `is answered with HTTP ${status}` : 'comes without its text';
      onUnreadable({ url, reason, text: null, status });
      return null;
    }
    try {
      const etag = textOf(properties.get(dav('getetag')));
      const length = textOf(properties.get(dav('getcontentlength')));
      return read({ url, etag, card: readCard(text), stored: () => storedBytes(text, length) });
    } catch (error) {
      if (!(error instanceof MailroomError)) throw error;
      const reason = error.code === 'refused' ? 'holds more than can be read' : 'is no whole vCard';
      onUnreadable({ url, reason, text, status });
      return null;
    }
  };
}

/**
 * XML says nothing of which line breaks a card has, knows no bytes but those of UTF-8, and not all of its characters. What
 * came through it whole has the length of the resource and no mark in the place of a character that did not.
 */
function storedBytes(text: ByteText, length: string): ByteText | null {
  const bytes = `${text.replace(/\r?\n/g, '\r\n')}\r\n`;
  return length === String(bytes.length) && !REPLACED.test(bytes) ? bytes : null;
}

/** U+FFFD in UTF-8, and what else servers write for bytes that they cannot show. */
const REPLACED = /\xef\xbf\xbd|\?/;

/** True where the server shows nothing of a card that it finds. */
function isKeptBack({ status, properties }: DavElement): boolean {
  return status >= 300 || (properties.get(carddav('address-data'))?.text.trim() ?? '') === '';
}

function joined<T, I>(parts: readonly { readonly found: readonly Named<T>[]; readonly unanswered: readonly I[] }[]) {
  return { found: parts.flatMap(({ found }) => found), unanswered: parts.flatMap(({ unanswered }) => unanswered) };
}
