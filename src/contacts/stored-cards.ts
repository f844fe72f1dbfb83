import { createObject, deleteObject, updateObject } from 'tsdav';
import { MailroomError } from '../errors';
import type { HttpClient } from '../http/client';
import { printable } from '../http/confidential';
import { isTooLong, MAX_BYTES } from '../http/fetch';
import type { Answer } from '../http/messages';
import { Slots } from '../http/slots';
import { cleanText } from '../triage/card-text';
import type { ByteText } from './bytes';
import { type Card, cardBytes, readCard, uidOf } from './card';
import { type CardSearch, type FoundCard, nameOf } from './card-search';
import { unexpected } from './dav';
import type { Book } from './discovery';
import { createPreconditionReader, NO_PRIVILEGE, type PreconditionReader } from './precondition';
import { ReadAhead, type StoredCard } from './read-ahead';
import { tsdavFetch } from './tsdav-fetch';

/** What becomes of a card as it is now; undefined leaves it as it is. */
export type CardDecision = { readonly kind: 'write'; readonly card: Card } | { readonly kind: 'delete' } | undefined;

/** What tells a card at one moment from another card, and from itself at another moment. */
export interface CardState {
  readonly url: URL;
  readonly etag: string;
  /** As the card has it. */
  readonly uid: string | null;
}

interface KnownVersion {
  readonly etag: string;
  readonly isVersion4: boolean;
}

type WriteOutcome = 'written' | 'conflict' | 'gone';

const ATTEMPTS = 5;
/** Bytes of a card of which several may be in hand at the same time. */
const SMALL_BYTES = 1024 * 1024;
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
  readonly #large = new Slots(1);
  readonly #versions = new Map<string, KnownVersion>();
  readonly #ahead: ReadAhead;

  constructor(book: Book, http: HttpClient, search: CardSearch) {
    this.#book = book;
    this.#http = http;
    this.#search = search;
    this.#ahead = new ReadAhead(search, ({ url, etag }) => {
      const known = this.#versions.get(nameOf(url));
      return !book.converts || (known?.isVersion4 === false && known.etag === etag);
    });
  }

  /** Says which cards will be updated, in this order, so that they are read together. */
  expect(urls: readonly URL[]): void {
    this.#ahead.expect(urls);
  }

  /** Finds out in which version these cards are kept, for many in one request. */
  async learnVersions(cards: readonly CardState[]): Promise<void> {
    if (!this.#book.converts) return;
    const version4 = await this.#search.keptAsVersion4(cards.flatMap(({ uid }) => uid ?? []));
    for (const { url, etag } of cards) {
      this.#versions.set(nameOf(url), { etag, isVersion4: version4.has(nameOf(url)) });
    }
  }

  /** True where the card is kept as vCard 4.0, as far as {@link learnVersions} was told of it: a REPORT shows it as 3.0. */
  isConverted(url: URL): boolean {
    return this.#versions.get(nameOf(url))?.isVersion4 ?? false;
  }

  /**
   * Reads the card, unless it was read with those around it, decides, and writes with `If-Match`; where somebody else was
   * faster, all of it again. Large cards are in hand one at a time.
   *
   * @throws MailroomError `refused` for a card that is larger than can be borne
   */
  async update(url: URL, decide: (card: Card) => CardDecision): Promise<'written' | 'unchanged' | 'gone'> {
    try {
      return await this.#update(url, decide, SMALL_BYTES, await this.#ahead.take(url));
    } catch (error) {
      if (!isTooLong(error)) throw error;
    }
    try {
      return await this.#large.run(undefined, () => this.#update(url, decide, MAX_BYTES));
    } catch (cause) {
      if (!isTooLong(cause)) throw cause;
      throw new MailroomError({
        code: 'refused',
        message: `CardDAV: ${printable(url)} is larger than ${MAX_BYTES / 1024 / 1024} MiB, which is more than Mailroom can read`,
        hint: 'Make the card smaller, its picture for one',
        cause,
      });
    }
  }

  async #update(
    url: URL,
    decide: (card: Card) => CardDecision,
    maxBytes: number,
    ahead?: StoredCard,
  ): Promise<'written' | 'unchanged' | 'gone'> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const stored = (attempt === 0 ? ahead : undefined) ?? (await this.#read(url, maxBytes));
      if (stored === null) return 'gone';
      const decision = decide(stored.card);
      if (decision === undefined) return 'unchanged';
      if ((await this.#write(url, stored.etag, decision)) === 'written') return 'written';
    }
    throw new MailroomError({
      code: 'transient',
      message: `CardDAV: ${printable(url)} was changed by somebody else each of ${ATTEMPTS} times`,
    });
  }

  /** Stores a new card under a name, unless there is one or its UID is taken. */
  async create(name: string, text: ByteText): Promise<'created' | 'exists'> {
    const url = new URL(`${encodeURIComponent(cleanText(name))}.vcf`, this.#book.url);
    const data = Buffer.from(text, 'latin1');
    const outcome = await this.#send(`PUT ${printable(url)}`, true, (fetch) =>
      createObject({ url: url.href, data, headers: { 'If-None-Match': '*', 'Content-Type': VCARD }, fetch }),
    );
    if (outcome === 'gone') throw this.#bookGone();
    return outcome === 'written' ? 'created' : 'exists';
  }

  /** The card in the version in which it is kept: a converted one, written back, would lose lines. */
  async #read(url: URL, maxBytes: number): Promise<StoredCard | null> {
    const known = this.#versions.get(nameOf(url));
    const asVersion4 = this.isConverted(url);
    const stored = await this.#get(url, asVersion4, maxBytes);
    if (stored === null || !this.#book.converts || stored.etag === known?.etag) return stored;
    await this.learnVersions([stateOf({ url, ...stored })]);
    const isVersion4 = this.isConverted(url);
    return isVersion4 === asVersion4 ? stored : this.#get(url, isVersion4, maxBytes);
  }

  async #get(url: URL, asVersion4: boolean, maxBytes: number): Promise<StoredCard | null> {
    let pieces: string[] = [];
    let error: PreconditionReader | undefined;
    const response = await this.#http.fetch(url, {
      headers: { ...UNCOMPRESSED, ...(asVersion4 ? { accept: VERSION_4 } : {}) },
      reader: (status) => {
        pieces = [];
        error = status === 200 ? undefined : createPreconditionReader();
        return error?.write ?? ((piece) => void pieces.push(piece.toString('latin1')));
      },
      maxBytes,
    });
    const { status } = response;
    if (GONE.includes(status)) return null;
    if (status !== 200) throw unexpected('GET', { url, status, precondition: error?.found() ?? null });
    const etag = response.headers.get('etag');
    if (etag === null || etag === '') {
      throw new MailroomError({ code: 'protocol', message: `CardDAV: ${printable(url)} came without an ETag` });
    }
    // Some weaken ETags all the same; If-Match takes strong ones alone (RFC 9110, section 13.1.1).
    return { card: cardAt(url, pieces.join('')), etag: etag.replace(/^W\//, '') };
  }

  #write(url: URL, etag: string, decision: Exclude<CardDecision, undefined>): Promise<WriteOutcome> {
    if (decision.kind === 'delete') {
      return this.#send(`DELETE ${printable(url)}`, false, (fetch) => deleteObject({ url: url.href, etag, fetch }));
    }
    const data = cardBytes(decision.card);
    return this.#send(`PUT ${printable(url)}`, false, (fetch) =>
      updateObject({ url: url.href, etag, data, headers: { 'Content-Type': VCARD }, fetch }),
    );
  }

  /** tsdav writes the request; what it gives back is the server's answer, whatever its status. */
  async #send(
    what: string,
    isNew: boolean,
    send: (fetch: typeof globalThis.fetch) => Promise<Pick<Answer, 'status' | 'headers'>>,
  ): Promise<WriteOutcome> {
    const error = createPreconditionReader();
    const { status, headers } = await send(
      tsdavFetch((url, init) => this.#http.fetch(url, { ...init, reader: () => error.write })),
    );
    // No server of contacts says so that a card is stored: something in between shows its login page.
    if (status < 300 && headers.get('content-type')?.startsWith('text/html') && headers.get('etag') === null) {
      throw new MailroomError({ code: 'protocol', message: `CardDAV: ${what} was answered with a web page` });
    }
    if (status < 300) return 'written';
    if (status === 412) return 'conflict';
    if (GONE.includes(status)) return 'gone';
    const precondition = error.found();
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

function cardAt(url: URL, text: ByteText): Card {
  try {
    return readCard(text);
  } catch (cause) {
    if (!(cause instanceof MailroomError)) throw cause;
    const message = `CardDAV: ${printable(url)} cannot be read: ${cause.message}`;
    throw new MailroomError({ code: cause.code, message, cause });
  }
}

export function stateOf({ url, etag, card }: Omit<FoundCard, 'stored'>): CardState {
  return { url, etag, uid: uidOf(card) };
}
