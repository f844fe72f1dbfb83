import { MailroomError } from '../errors';
import type { HttpClient } from '../http/client';
import { printable } from '../http/confidential';
import { cleanText } from '../triage/card-text';
import type { ByteText } from './bytes';
import { type Card, cardText, readCard, uidOf } from './card';
import { type CardSearch, type FoundCard, nameOf } from './card-search';
import { NO_PRIVILEGE, preconditionOf, unexpected } from './dav';
import type { Book } from './discovery';

/** What becomes of a card as it is now; undefined leaves it as it is. */
export type CardDecision = { readonly kind: 'write'; readonly card: Card } | { readonly kind: 'delete' } | undefined;

/** What tells a card at one moment from another card, and from itself at another moment. */
export interface CardState {
  readonly url: URL;
  readonly etag: string;
  /** As the card has it. */
  readonly uid: string | null;
}

interface StoredCard {
  readonly card: Card;
  readonly etag: string;
}

interface KnownVersion {
  readonly etag: string;
  readonly isVersion4: boolean;
}

type WriteOutcome = 'written' | 'conflict' | 'gone';

const ATTEMPTS = 5;
const GONE = [404, 410];
const VCARD = 'text/vcard; charset=utf-8';
/** Who compresses an answer may change its ETag (`"x-gzip"`), which then fits no write any more. */
const UNCOMPRESSED = { 'accept-encoding': 'identity' };
const VERSION_4 = 'text/vcard; version=4.0';

/** Reads and writes single cards, each write under a condition (RFC 6352, section 6.3.2). */
export class StoredCards {
  readonly #book: Book;
  readonly #http: HttpClient;
  readonly #search: CardSearch;
  readonly #versions = new Map<string, KnownVersion>();

  constructor(book: Book, http: HttpClient, search: CardSearch) {
    this.#book = book;
    this.#http = http;
    this.#search = search;
  }

  /** Finds out in which version these cards are kept, for many in one request. */
  async learnVersions(cards: readonly CardState[]): Promise<void> {
    if (!this.#book.converts || cards.length === 0) return;
    const version4 = await this.#search.keptAsVersion4(cards.flatMap(({ uid }) => uid ?? []));
    for (const { url, etag } of cards) {
      this.#versions.set(nameOf(url), { etag, isVersion4: version4.has(nameOf(url)) });
    }
  }

  /** Reads the card, decides, and writes with `If-Match`; where somebody else was faster, all of it again. */
  async update(url: URL, decide: (card: Card) => CardDecision): Promise<'written' | 'unchanged' | 'gone'> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const stored = await this.#read(url);
      if (stored === null) return 'gone';
      const decision = decide(stored.card);
      if (decision === undefined) return 'unchanged';
      const outcome =
        decision.kind === 'delete'
          ? await this.#send('DELETE', url, { 'if-match': stored.etag })
          : await this.#send('PUT', url, { 'if-match': stored.etag }, cardText(decision.card));
      if (outcome === 'written') return 'written';
    }
    throw new MailroomError({
      code: 'transient',
      message: `CardDAV: ${printable(url)} was changed by somebody else each of ${ATTEMPTS} times`,
    });
  }

  /** Stores a new card under a name, unless there is one or its UID is taken. */
  async create(name: string, text: ByteText): Promise<'created' | 'exists'> {
    const url = new URL(`${encodeURIComponent(cleanText(name))}.vcf`, this.#book.url);
    const outcome = await this.#send('PUT', url, { 'if-none-match': '*' }, text);
    if (outcome === 'gone') throw this.#bookGone();
    return outcome === 'written' ? 'created' : 'exists';
  }

  /** The card in the version in which it is kept: a converted one, written back, would lose lines. */
  async #read(url: URL): Promise<StoredCard | null> {
    const known = this.#versions.get(nameOf(url));
    const asVersion4 = known?.isVersion4 ?? false;
    const stored = await this.#get(url, asVersion4);
    if (stored === null || !this.#book.converts || stored.etag === known?.etag) return stored;
    await this.learnVersions([stateOf({ url, ...stored })]);
    const isVersion4 = this.#versions.get(nameOf(url))?.isVersion4 ?? false;
    return isVersion4 === asVersion4 ? stored : this.#get(url, isVersion4);
  }

  async #get(url: URL, asVersion4: boolean): Promise<StoredCard | null> {
    const headers = { ...UNCOMPRESSED, ...(asVersion4 ? { accept: VERSION_4 } : {}) };
    const response = await this.#http.fetch(url, { headers });
    const { status } = response;
    if (GONE.includes(status)) return null;
    if (status !== 200) throw unexpected('GET', { url, status, precondition: preconditionOf(await response.text()) });
    const etag = response.headers.get('etag');
    if (etag === null || etag === '') {
      throw new MailroomError({ code: 'protocol', message: `CardDAV: ${printable(url)} came without an ETag` });
    }
    const card = readCard(Buffer.from(await response.arrayBuffer()).toString('latin1'));
    // Some weaken ETags all the same; If-Match takes strong ones alone (RFC 9110, section 13.1.1).
    return { card, etag: etag.replace(/^W\//, '') };
  }

  async #send(
    method: 'PUT' | 'DELETE',
    url: URL,
    condition: Readonly<Record<string, string>>,
    text?: ByteText,
  ): Promise<WriteOutcome> {
    const response = await this.#http.fetch(url, {
      method,
      headers: text === undefined ? condition : { ...condition, 'content-type': VCARD },
      body: text === undefined ? null : Buffer.from(text, 'latin1'),
    });
    const { status } = response;
    if (status >= 200 && status < 300) return 'written';
    if (status === 412) return 'conflict';
    if (GONE.includes(status)) return 'gone';
    const precondition = preconditionOf(await response.text());
    const what = `${method} ${printable(url)}`;
    const isNew = 'if-none-match' in condition;
    if (precondition === 'no-uid-conflict' && isNew) return 'conflict';
    // Two writers met (RFC 9110, section 15.5.10). Of a new card it says that its book is not there (RFC 4918, section 9.7.1).
    if (status === 409 && precondition === null && !isNew) return 'conflict';
    if (precondition === NO_PRIVILEGE) throw this.#http.credentialsError(`${what} is not allowed`);
    const reason = precondition === null ? '' : ` (${precondition})`;
    throw new MailroomError({ code: 'refused', message: `CardDAV: ${what} is refused: HTTP ${status}${reason}` });
  }

  #bookGone(): MailroomError {
    return new MailroomError({ code: 'protocol', message: `CardDAV: ${printable(this.#book.url)} is gone` });
  }
}

export function stateOf({ url, etag, card }: FoundCard): CardState {
  return { url, etag, uid: uidOf(card) };
}
