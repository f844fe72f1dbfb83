import { createHash } from 'node:crypto';
import { decodeText, type EmailAddress, type Header, headersOf, headerValue, parseAddresses } from './message-text';

export interface StoredMailbox {
  readonly id: string;
  readonly name: string;
  readonly parentId: string | null;
  readonly role: string | null;
  readonly isSubscribed: boolean;
}

export interface StoredEmail {
  readonly id: string;
  readonly blobId: string;
  readonly size: number;
  readonly receivedAt: string;
  readonly subject: string | null;
  readonly from: readonly EmailAddress[] | null;
  readonly to: readonly EmailAddress[] | null;
  readonly cc: readonly EmailAddress[] | null;
  readonly headers: readonly Header[];
  /** Never empty. */
  readonly mailboxIds: Set<string>;
  readonly keywords: Set<string>;
  /** Whether the search index knows it. */
  isIndexed: boolean;
}

export interface NewMessage {
  readonly raw: Buffer;
  readonly mailboxIds: readonly string[];
  readonly keywords: readonly string[];
  readonly receivedAt: string;
}

/** One user's mail, in memory. */
export interface MailStore {
  readonly mailboxes: Map<string, StoredMailbox>;
  readonly emails: Map<string, StoredEmail>;
  readonly blobs: Map<string, Buffer>;
  /** The most ids that one query answers. */
  readonly maxIdsInQuery: number;
  /** Changes with every write. */
  readonly state: string;
  /** Says that something was written. */
  touch(): void;
  addMailbox(mailbox: Omit<StoredMailbox, 'id'>): StoredMailbox;
  /** Two equal messages are one, as on other servers. */
  addEmail(message: NewMessage): StoredEmail;
  addBlob(content: Buffer): string;
  /** Brings the search index up to date. */
  index(): void;
  /** The same mail under the same ids, on its own from now on. */
  copy(): MailStore;
}

export interface MailStoreOptions {
  /** Whether new messages wait for {@link MailStore.index}. */
  readonly searchLags: boolean;
  readonly maxIdsInQuery: number;
}

export function createMailStore(options: MailStoreOptions): MailStore {
  const store = mailStoreFrom(options, EMPTY);
  store.addMailbox({ name: 'Inbox', parentId: null, role: 'inbox', isSubscribed: true });
  return store;
}

/** What a store begins with. */
interface Content {
  readonly mailboxes: ReadonlyMap<string, StoredMailbox>;
  readonly emails: ReadonlyMap<string, StoredEmail>;
  readonly blobs: ReadonlyMap<string, Buffer>;
  readonly version: number;
}

const EMPTY: Content = { mailboxes: new Map(), emails: new Map(), blobs: new Map(), version: 1 };

function mailStoreFrom(options: MailStoreOptions, content: Content): MailStore {
  const { searchLags, maxIdsInQuery } = options;
  const mailboxes = new Map(content.mailboxes);
  const emails = new Map(Array.from(content.emails, ([id, email]) => [id, copyOf(email)]));
  const blobs = new Map(content.blobs);
  let { version } = content;
  const touch = (): void => {
    version++;
  };
  const store: MailStore = {
    mailboxes,
    emails,
    blobs,
    maxIdsInQuery,
    get state() {
      return String(version);
    },
    touch,
    addMailbox(mailbox) {
      const added = { ...mailbox, id: `P${mailboxes.size + 1}` };
      mailboxes.set(added.id, added);
      touch();
      return added;
    },
    addEmail({ raw, mailboxIds, keywords, receivedAt }) {
      const blobId = store.addBlob(raw);
      const id = `M${blobId.slice(1, 25)}`;
      const known = emails.get(id);
      touch();
      if (known !== undefined) {
        for (const mailboxId of mailboxIds) known.mailboxIds.add(mailboxId);
        return known;
      }
      const headers = headersOf(raw);
      const subject = headerValue(headers, 'Subject');
      const addressesIn = (name: string) => {
        const value = headerValue(headers, name);
        return value === undefined ? null : parseAddresses(value);
      };
      const email: StoredEmail = {
        id,
        blobId,
        size: raw.length,
        receivedAt,
        subject: subject === undefined ? null : decodeText(subject),
        from: addressesIn('From'),
        to: addressesIn('To'),
        cc: addressesIn('Cc'),
        headers,
        mailboxIds: new Set(mailboxIds),
        keywords: new Set(keywords),
        isIndexed: !searchLags,
      };
      emails.set(id, email);
      return email;
    },
    addBlob(content) {
      const blobId = `G${createHash('sha1').update(content).digest('hex')}`;
      blobs.set(blobId, content);
      return blobId;
    },
    index() {
      for (const email of emails.values()) email.isIndexed = true;
    },
    copy: () => mailStoreFrom(options, { mailboxes, emails, blobs, version }),
  };
  return store;
}

function copyOf(email: StoredEmail): StoredEmail {
  return { ...email, mailboxIds: new Set(email.mailboxIds), keywords: new Set(email.keywords) };
}
