import type { Account, MailServer } from './account';
import { type CardDriver, openCardDriver } from './card-driver';
import type { Send } from './few-connections';
import { type MailDriver, openMailDriver } from './mail-driver';

/** An account with everything that tests do to it and look at. */
export interface TestAccount extends MailDriver, CardDriver {
  readonly account: Account;
  /** Changes whenever anything does that a client can write: mail, mailboxes, cards. */
  state(): Promise<string>;
}

export const TRIAGE_LABELS = ['@ToImbox', '@ToFeed', '@ToPaperTrail', '@ToJail', '@ToPerson'] as const;
export const DESTINATIONS = ['Feed', 'Paper Trail', 'Jail'] as const;
export const GROUPS = ['Imbox', 'Feed', 'Paper Trail', 'Jail'] as const;

/** @param send carries the requests */
export async function openAccount(account: Account, send?: Send): Promise<TestAccount> {
  const mail = await openMailDriver(account, send);
  const cards = openCardDriver(account, send);
  const state = async (): Promise<string> => `${await mail.mailState()} ${await cards.cardState()}`;
  return { account, state, ...mail, ...cards };
}

/** A new account with everything that the default settings name, and nothing else. */
export async function screenedAccount(server: Pick<MailServer, 'addUser'>, name?: string): Promise<TestAccount> {
  const account = await openAccount(await server.addUser(name));
  await account.makeMailboxes(['Screener', ...TRIAGE_LABELS, '@MailroomError', '@MailroomWarning', ...DESTINATIONS]);
  await account.makeGroups(GROUPS);
  return account;
}
