import type { Settings } from '../config';
import { openAddressBook } from '../contacts/open-address-book';
import { both } from '../errors';
import { type Attempt, createHttpClient, type HttpClient } from '../http/client';
import type { Log } from '../log';
import { openMail } from '../mail/open-mail';
import type { AddressBook, Mail } from '../ports';
import { basicCredentials } from './credentials';

export interface ServersOptions {
  readonly settings: Settings;
  readonly log: Log;
  /** Ends all requests at once. */
  readonly halt: AbortSignal;
}

export interface Servers {
  readonly openMail: () => Promise<Mail>;
  readonly openBook: () => Promise<AddressBook>;
  /** HTTP requests so far, repeated ones included. */
  readonly requests: () => { readonly jmap: number; readonly cardDav: number };
}

/** Requests to the address book at the same time. JMAP servers state their own limit in the session. */
const CONCURRENCY = 8;

/** The two servers that the settings name, not yet spoken to. */
export function createServers({ settings, log, halt }: ServersOptions): Servers {
  const counts = { JMAP: 0, CardDAV: 0 };
  const client = (
    name: keyof typeof counts,
    origin: string,
    authorization: string,
    credentialSettings: string,
  ): HttpClient =>
    createHttpClient({
      name,
      origin,
      authorization,
      credentialSettings,
      concurrency: CONCURRENCY,
      signal: halt,
      onRequest: (attempt: Attempt) => {
        counts[name] += 1;
        log.debug(`${name} request`, { ...attempt });
      },
    });
  const { jmapSessionUrl, jmapToken, cardDavUrl, cardDavUsername } = settings;
  return {
    openMail: async () =>
      openMail({
        sessionUrl: jmapSessionUrl,
        http: client('JMAP', jmapSessionUrl, `Bearer ${jmapToken}`, 'MAILROOM_JMAP_TOKEN'),
      }),
    openBook: async () =>
      openAddressBook({
        url: cardDavUrl,
        username: cardDavUsername,
        http: client(
          'CardDAV',
          cardDavUrl,
          `Basic ${basicCredentials(settings)}`,
          'MAILROOM_CARDDAV_USERNAME and MAILROOM_CARDDAV_PASSWORD',
        ),
      }),
    requests: () => ({ jmap: counts.JMAP, cardDav: counts.CardDAV }),
  };
}

/** Both sides at once. The faults of both are thrown as one. */
export async function openBoth({
  openMail: mailOf,
  openBook: bookOf,
}: Pick<Servers, 'openMail' | 'openBook'>): Promise<{ readonly mail: Mail; readonly book: AddressBook }> {
  const [mail, book] = await both(mailOf(), bookOf());
  return { mail, book };
}
