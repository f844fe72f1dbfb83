import type { Limits } from './limits';

/** How to reach one account, on whichever server it is. */
export interface Account {
  /** Also the CardDAV user name. */
  readonly username: string;
  /** For CardDAV (Basic). */
  readonly password: string;
  /** For JMAP (Bearer). */
  readonly token: string;
  readonly sessionUrl: string;
  /** Where CardDAV discovery starts. */
  readonly carddavUrl: string;
  /** The default address book. */
  readonly bookUrl: string;
}

export interface ServerOptions {
  readonly limits?: Partial<Limits>;
}

/** What the suites ask of a mail server, real or embedded. */
export interface MailServer {
  readonly origin: string;
  /** Makes a user with an empty Inbox and an empty address book. Cheap: one for each test. */
  addUser(name?: string): Promise<Account>;
  /** Brings the search index up to date: until then `from` finds none of the newer messages. */
  index(account: Account): Promise<void>;
  stop(): Promise<void>;
}

/** The same account, reached through another origin: that of a proxy. */
export function accountAt(account: Account, origin: string): Account {
  const moved = (url: string): string => `${origin}${new URL(url).pathname}`;
  return {
    ...account,
    sessionUrl: moved(account.sessionUrl),
    carddavUrl: moved(account.carddavUrl),
    bookUrl: moved(account.bookUrl),
  };
}
