import type { Limits } from './limits';

/** How to reach one user's contacts, on whichever server they are. */
export interface BookAccount {
  /** The CardDAV user name. */
  readonly username: string;
  /** For CardDAV (Basic). */
  readonly password: string;
  /** Where CardDAV discovery starts. */
  readonly carddavUrl: string;
  /** The default address book. */
  readonly bookUrl: string;
  /** Whether the address book takes several cards in one request. */
  readonly takesManyCards: boolean;
}

/** How to reach one user's contacts and mail. */
export interface Account extends BookAccount {
  /** For JMAP (Bearer). */
  readonly token: string;
  readonly sessionUrl: string;
  /** Where the server speaks IMAP, on 127.0.0.1. */
  readonly imapPort?: number;
}

export interface ServerOptions {
  readonly limits?: Partial<Limits>;
}

/** What the suites ask of a server of contacts. */
export interface BookServer {
  readonly origin: string;
  /** Makes a user with an empty address book. Cheap: one for each test. */
  addUser(name?: string): Promise<BookAccount>;
  stop(): Promise<void>;
}

/** What the suites ask of a mail server, real or embedded. */
export interface MailServer extends BookServer {
  /** Makes a user with an empty Inbox and an empty address book. Cheap: one for each test. */
  addUser(name?: string): Promise<Account>;
  /** Brings the search index up to date: until then `from` finds none of the newer messages. */
  index(account: Account): Promise<void>;
  /**
   * Keeps the user's mail and cards as they are now. What it gives brings them back, states and index too, as often as it
   * is called: cheaper than to make the same again. No mailbox may come or go meanwhile.
   */
  snapshot(account: Account): Promise<() => Promise<void>>;
}

/** The same account, reached through another origin: that of a proxy. */
export function accountAt(account: Account, origin: string): Account {
  return { ...account, ...bookAt(account, origin), sessionUrl: movedTo(origin, account.sessionUrl) };
}

/** The same contacts, reached through another origin. */
export function bookAt(account: BookAccount, origin: string): BookAccount {
  const { carddavUrl, bookUrl, username, password, takesManyCards } = account;
  return {
    username,
    password,
    carddavUrl: movedTo(origin, carddavUrl),
    bookUrl: movedTo(origin, bookUrl),
    takesManyCards,
  };
}

function movedTo(origin: string, url: string): string {
  return `${origin}${new URL(url).pathname}`;
}
