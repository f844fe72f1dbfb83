import type { AddressBook } from '../../src/ports';
import type { Contact } from '../../src/triage/contact';
import { type BookAccount, bookAt } from '../support/account';
import { type CardDriver, openCardDriver } from '../support/card-driver';
import { openAccountBook } from '../support/clients';
import { describeOnBookServers } from '../support/on-servers';
import { type ReverseProxy, type SeenRequest, startProxy } from '../support/proxy';

/** A new account for each test, and a proxy between it and Mailroom. */
export interface BookAtHand {
  /** The name of the server. */
  readonly serverName: string;
  readonly account: BookAccount;
  readonly cards: CardDriver;
  readonly proxy: ReverseProxy;
  /** Opens the address book through the proxy. */
  open(): Promise<AddressBook>;
}

/** Describes the address book on every server, or on some. */
export function describeBook(
  title: string,
  body: (at: BookAtHand) => void,
  describeOnServers: typeof describeOnBookServers = describeOnBookServers,
): void {
  describeOnServers(title, (server, serverName) => {
    let account: BookAccount;
    let proxy: ReverseProxy;
    beforeAll(async () => {
      proxy = await startProxy(server().origin);
    });
    afterAll(() => proxy.stop());
    beforeEach(async () => {
      proxy.forget();
      account = await server().addUser();
    });
    body({
      serverName,
      get account() {
        return account;
      },
      get cards() {
        return openCardDriver(account);
      },
      get proxy() {
        return proxy;
      },
      open: () => openAccountBook(bookAt(account, proxy.origin)),
    });
  });
}

/** The one contact that Mailroom finds by this address. */
export async function contactOf(book: AddressBook, address: string): Promise<Contact> {
  const [contact, ...others] = await book.findByAddress([address]);
  if (contact === undefined || others.length > 0) throw new Error(`Not exactly one contact has ${address}`);
  return contact;
}

export function uidsOf(contacts: readonly { readonly uid: string }[]): readonly string[] {
  return contacts.map(({ uid }) => uid).sort();
}

export function isPut({ kind }: SeenRequest): boolean {
  return kind === 'PUT';
}
