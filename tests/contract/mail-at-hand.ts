import type { Mail, MessageQuery } from '../../src/ports';
import type { Message } from '../../src/triage/message';
import { accountAt, type MailServer } from '../support/account';
import { openAccountMail } from '../support/clients';
import { describeOnMailServers } from '../support/on-servers';
import { type ReverseProxy, startProxy } from '../support/proxy';
import type { SeedMessage } from '../support/seed-message';
import { openAccount, type TestAccount } from '../support/test-account';

/** So small that everything worth testing is larger. */
export const LIMITS = {
  maxObjectsInGet: 64,
  maxObjectsInSet: 400,
  maxCallsInRequest: 4,
  maxSizeRequest: 32_768,
  maxConcurrentRequests: 2,
};

/** A new account with a few mailboxes for each test, and a proxy between it and Mailroom. */
export interface MailAtHand {
  readonly server: MailServer;
  readonly user: TestAccount;
  readonly proxy: ReverseProxy;
  /** The mail as it was opened, through the proxy, before the test. */
  readonly mail: Mail;
  /** Opens it again. */
  open(): Promise<Mail>;
  read(...queries: readonly MessageQuery[]): Promise<readonly Message[]>;
  /** A query by the paths of mailboxes. */
  inMailbox(...paths: readonly string[]): Promise<MessageQuery>;
}

/** Describes mail on every server. */
export function describeMail(title: string, body: (at: MailAtHand) => void): void {
  const suite = (server: () => MailServer): void => {
    let user: TestAccount;
    let proxy: ReverseProxy;
    let mail: Mail;
    const open = (): Promise<Mail> => openAccountMail(accountAt(user.account, proxy.origin));
    beforeAll(async () => {
      proxy = await startProxy(server().origin);
    });
    afterAll(() => proxy.stop());
    beforeEach(async () => {
      proxy.forget();
      user = await openAccount(await server().addUser());
      await user.makeMailboxes(['Screener', '@ToFeed', 'Projects/Feed', 'Feed']);
      mail = await open();
    });
    body({
      get server() {
        return server();
      },
      get user() {
        return user;
      },
      get proxy() {
        return proxy;
      },
      get mail() {
        return mail;
      },
      open,
      read: (...queries) => collect(mail.messages(queries)),
      inMailbox: async (...paths) => ({ inMailboxes: await Promise.all(paths.map(user.mailboxId)) }),
    });
  };
  describeOnMailServers(title, suite, { limits: LIMITS });
}

export async function collect<T>(pages: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}

export function idsOf(messages: readonly { readonly id: string }[]): readonly string[] {
  return messages.map(({ id }) => id);
}

/** Messages of the same mailboxes, a minute apart. */
export function minuteByMinute(count: number, mailboxes: readonly string[]): readonly SeedMessage[] {
  return Array.from({ length: count }, (_, minute) => ({
    subject: `minute ${minute}`,
    mailboxes,
    receivedAt: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString().replace('.000', ''),
  }));
}
