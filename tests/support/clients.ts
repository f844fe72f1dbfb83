import { openAddressBook } from '../../src/contacts/open-address-book';
import { createHttpClient, type HttpClientOptions } from '../../src/http/client';
import { openMail } from '../../src/mail/open-mail';
import type { AddressBook, Mail } from '../../src/ports';
import type { Account, BookAccount } from './account';

type Quirks = Partial<Pick<HttpClientOptions, 'pauses' | 'attemptTimeout' | 'signal' | 'onRequest'>>;

const QUICK: Pick<HttpClientOptions, 'concurrency' | 'pauses'> = {
  concurrency: 4,
  pauses: { backOff: 5, unauthorized: 5, longestRetryAfter: 1_000 },
};

/** Opens the account's mail as Mailroom does, without its pauses between attempts. */
export async function openAccountMail({ sessionUrl, token }: Account, quirks: Quirks = {}): Promise<Mail> {
  const http = createHttpClient({
    name: 'JMAP',
    origin: sessionUrl,
    authorization: `Bearer ${token}`,
    credentialSettings: 'MAILROOM_JMAP_TOKEN',
    ...QUICK,
    ...quirks,
  });
  return openMail({ sessionUrl, http });
}

/** Opens the account's address book as Mailroom does, without its pauses between attempts. */
export async function openAccountBook(
  { carddavUrl, username, password }: BookAccount,
  quirks: Quirks = {},
): Promise<AddressBook> {
  const http = createHttpClient({
    name: 'CardDAV',
    origin: carddavUrl,
    authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
    credentialSettings: 'MAILROOM_CARDDAV_USERNAME and MAILROOM_CARDDAV_PASSWORD',
    ...QUICK,
    ...quirks,
  });
  return openAddressBook({ url: carddavUrl, username, http });
}
