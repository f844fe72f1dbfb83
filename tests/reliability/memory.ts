import { openAddressBook } from '../../src/contacts/open-address-book';
import { MailroomError } from '../../src/errors';
import type { HttpClient } from '../../src/http/client';
import { Headers, Response } from '../../src/http/messages';
import { isSameServer } from '../../src/http/same-server';
import { Slots } from '../../src/http/slots';
import { openMail } from '../../src/mail/open-mail';
import type { Account } from '../support/account';
import type { Answer, ServedRequest } from '../support/embedded/gate';
import type { Send } from '../support/few-connections';
import type { Servers } from './in-process';

/** Carries a request to a server, and its answer back. */
export type Carry = (request: ServedRequest) => Promise<Answer>;

/** As many as Mailroom allows itself. */
const CONCURRENCY = 4;

/** Mailroom's own ports over such requests. */
export function openInMemory(account: Account, carry: Carry): Servers {
  const { sessionUrl, carddavUrl, username, password, token } = account;
  const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  return {
    openMail: () => openMail({ sessionUrl, http: memoryClient(sessionUrl, `Bearer ${token}`, carry) }),
    openBook: () => openAddressBook({ url: carddavUrl, username, http: memoryClient(carddavUrl, basic, carry) }),
  };
}

/** Requests of Mailroom's to the embedded server without a network: for lives in their thousands. Nothing is repeated. */
export function memoryClient(home: string, authorization: string, carry: Carry): HttpClient {
  const slots = new Slots(CONCURRENCY);
  const error = (code: 'credentials' | 'settings' | 'transient') => (message: string) =>
    new MailroomError({ code, message });
  return {
    async fetch(input, { method = 'GET', headers, body, reader } = {}) {
      const { pathname } = new URL(input, home);
      const request = servedRequest(method, pathname, { ...lowerCase(headers), authorization }, body);
      const answer = await slots.run(undefined, () => carry(request));
      if (answer.cut !== undefined) throw error('transient')('the connection was cut');
      if (answer.status === 401) throw error('credentials')('the credentials are rejected');
      if (answer.status === 429 || answer.status >= 500) throw error('transient')(`HTTP ${answer.status}`);
      const take = reader?.(answer.status) ?? null;
      take?.(Buffer.from(answer.body ?? ''));
      return responseFrom(take === null ? answer : { ...answer, body: '' });
    },
    isSameServer: (url) => isSameServer(url, new URL(home)),
    limitConcurrency: (atMost) => slots.lower(atMost),
    credentialsError: error('credentials'),
    settingsError: error('settings'),
  };
}

/** The same for what drivers send. */
export function sendInMemory(carry: Carry): Send {
  return async (url, { method = 'GET', headers, body }) => {
    const { pathname } = new URL(url);
    return responseFrom(await carry(servedRequest(method, pathname, lowerCase(headers), body)));
  };
}

function servedRequest(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: unknown,
): ServedRequest {
  const content = Buffer.from((body ?? '') as string | Uint8Array);
  return { method, path, headers, body: async () => content };
}

function lowerCase(headers: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(new Headers(headers));
}

function responseFrom({ status, headers = {}, body = '' }: Answer): Response {
  return new Response(body, { status, headers });
}
