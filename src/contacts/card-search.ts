import { MailroomError } from '../errors';
import type { HttpClient } from '../http/client';
import { printable } from '../http/confidential';
import { toBytes } from './bytes';
import { type Card, readCard } from './card';
import { type DavElement, davAnswer, NO_PRIVILEGE, unexpected } from './dav';
import type { Book } from './discovery';
import { addressbookMultiget, addressbookQuery, type CardQuery } from './queries';
import { textOf } from './xml-node';

/** A card as a REPORT shows it: perhaps not whole, perhaps in another version than it is kept in. */
export interface FoundCard {
  readonly url: URL;
  readonly etag: string;
  readonly card: Card;
}

/** What is made of a card; null where there is no use for it. */
export type CardReader<T> = (found: FoundCard) => T | null;

type Named<T> = readonly [name: string, value: T];

/** Texts in one REPORT. */
const TEXTS_AT_ONCE = 50;
const GONE = [404, 410];
/** RFC 6352, section 8.6.1: more cards match than the server wants to show. */
const TOO_MANY = 507;
const TOO_MANY_PRECONDITION = 'number-of-matches-within-limits';

/** Reads cards of one address book in few requests. */
export class CardSearch {
  readonly #book: Book;
  readonly #http: HttpClient;

  constructor(book: Book, http: HttpClient) {
    this.#book = book;
    this.#http = http;
  }

  /** The cards that pass. @throws MailroomError `protocol` where the server shows a part of them alone */
  async query<T>(query: CardQuery, read: CardReader<T>): Promise<readonly T[]> {
    const found = await this.#whole(addressbookQuery(query), (element) => read(foundCard(element)));
    if (found === 'cut off') throw this.#cutOff();
    return found.map(([, value]) => value);
  }

  /**
   * The cards that pass `queryFor` some of the texts, which go out in chunks side by side; a chunk with too many
   * matches is halved.
   */
  async queryEach<T>(
    texts: readonly string[],
    queryFor: (some: readonly string[]) => CardQuery,
    read: CardReader<T>,
  ): Promise<readonly T[]> {
    const bodyFor = (some: readonly string[]) => addressbookQuery(queryFor(some));
    const found = await this.#inChunks(texts, bodyFor, (element) => read(foundCard(element)));
    return [...new Map(found).values()];
  }

  /** The whole cards, in the order of their URLs; what is gone is left out. */
  async read<T>(urls: readonly URL[], read: CardReader<T>): Promise<readonly T[]> {
    const found = new Map(await this.#inChunks(urls, addressbookMultiget, (element) => read(foundCard(element))));
    return urls.flatMap((url) => found.get(nameOf(url)) ?? []);
  }

  /** Names of the cards with these UIDs that are kept as vCard 4.0: the server may show them as 3.0. */
  async keptAsVersion4(uids: readonly string[]): Promise<ReadonlySet<string>> {
    const bodyFor = (some: readonly string[]) =>
      addressbookQuery({
        test: 'allof',
        filters: [
          { name: 'VERSION', match: 'equals', texts: ['4.0'] },
          { name: 'UID', match: 'equals', texts: some },
        ],
        properties: [],
      });
    const found = await this.#inChunks(uids, bodyFor, () => true);
    return new Set(found.map(([name]) => name));
  }

  async #inChunks<I, T>(
    items: readonly I[],
    bodyFor: (some: readonly I[]) => string,
    read: (element: DavElement) => T | null,
  ): Promise<readonly Named<T>[]> {
    const chunks: (readonly I[])[] = [];
    for (let i = 0; i < items.length; i += TEXTS_AT_ONCE) chunks.push(items.slice(i, i + TEXTS_AT_ONCE));
    return (await Promise.all(chunks.map((chunk) => this.#halving(chunk, bodyFor, read)))).flat();
  }

  async #halving<I, T>(
    items: readonly I[],
    bodyFor: (some: readonly I[]) => string,
    read: (element: DavElement) => T | null,
  ): Promise<readonly Named<T>[]> {
    const found = await this.#whole(bodyFor(items), read);
    if (found !== 'cut off') return found;
    if (items.length < 2) throw this.#cutOff();
    const half = Math.ceil(items.length / 2);
    const halves = [items.slice(0, half), items.slice(half)];
    return (await Promise.all(halves.map((some) => this.#halving(some, bodyFor, read)))).flat();
  }

  async #whole<T>(body: string, read: (element: DavElement) => T | null): Promise<readonly Named<T>[] | 'cut off'> {
    let isCutOff = false;
    const answer = await davAnswer(
      this.#http,
      { method: 'REPORT', url: this.#book.url, depth: '1', body },
      (element): Named<T> | null => {
        isCutOff ||= element.status === TOO_MANY;
        if (isCutOff || GONE.includes(element.status)) return null;
        if (element.status >= 300) throw elementError(element);
        const value = read(element);
        return value === null ? null : [nameOf(element.url), value];
      },
    );
    if (isCutOff || answer.status === TOO_MANY || answer.precondition === TOO_MANY_PRECONDITION) return 'cut off';
    if (answer.status === 403 && [null, NO_PRIVILEGE].includes(answer.precondition)) {
      throw this.#http.credentialsError(`reading ${printable(this.#book.url)} is not allowed`);
    }
    if (answer.status !== 207) throw unexpected('REPORT', answer);
    return answer.found;
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

/** @throws MailroomError `protocol` where there is no card or not a whole one: left out, its sender would get a second one */
function foundCard({ url, properties }: DavElement): FoundCard {
  try {
    const card = readCard(toBytes(textOf(properties['addressData'])));
    return { url, etag: textOf(properties['getetag']), card };
  } catch (cause) {
    throw new MailroomError({ code: 'protocol', message: `CardDAV: ${printable(url)} came as no whole vCard`, cause });
  }
}

function elementError({ url, status }: DavElement): MailroomError {
  return new MailroomError({
    code: status >= 500 ? 'transient' : 'protocol',
    message: `CardDAV: ${printable(url)} could not be read: HTTP ${status}`,
  });
}
