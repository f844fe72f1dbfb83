import { linesOf } from '../card-driver';
import type { SeenMessage } from '../seen-mail';

/** What an account holds at one moment, in the terms in which promises are made. */
export interface Sight {
  /** Paths. */
  readonly mailboxes: readonly string[];
  readonly messages: readonly SightedMessage[];
  readonly contacts: readonly SightedContact[];
  readonly groups: readonly SightedGroup[];
}

export interface SightedMessage {
  readonly id: string;
  /** All of the message that nobody may ever change. */
  readonly content: string;
  /** The address of the first `From` in lower case; null without one. */
  readonly sender: string | null;
  /** Addresses of To in lower case: one of them may be a list's. */
  readonly recipients: readonly string[];
  /** Paths. */
  readonly mailboxes: readonly string[];
}

export interface SightedContact {
  readonly uid: string;
  /** In lower case. */
  readonly addresses: readonly string[];
  /** True where Mailroom made it. */
  readonly isOwn: boolean;
  /** Content lines, unfolded. */
  readonly lines: readonly string[];
}

export interface SightedGroup {
  readonly uid: string;
  readonly name: string;
  /** UIDs. */
  readonly members: readonly string[];
  /** All content lines but those of members. */
  readonly lines: readonly string[];
}

/** What says whether mail is spam changes with the verdict. */
const JUNK = /^\$(?:not)?junk$/i;
const MEMBER = /^(?:X-ADDRESSBOOKSERVER-)?MEMBER[;:]/i;
const GROUP = /^(?:X-ADDRESSBOOKSERVER-)?KIND:group$/i;

/** Through drivers, on whichever server the account is. */
export async function sightOf(account: {
  mailboxes(): Promise<readonly string[]>;
  messages(): Promise<readonly SeenMessage[]>;
  cards(): Promise<readonly { readonly text: string }[]>;
}): Promise<Sight> {
  const [mailboxes, messages, cards] = await Promise.all([account.mailboxes(), account.messages(), account.cards()]);
  return sightFrom(
    mailboxes,
    messages,
    cards.map(({ text }) => text),
  );
}

export function sightFrom(
  mailboxes: readonly string[],
  messages: readonly SeenMessage[],
  cards: readonly string[],
): Sight {
  const all = cards.map(linesOf);
  const isGroup = (lines: readonly string[]): boolean => lines.some((line) => GROUP.test(line));
  return {
    mailboxes,
    messages: messages.map(({ id, subject, from, to, keywords, mailboxes }) => ({
      id,
      content: JSON.stringify([subject, from, keywords.filter((keyword) => !JUNK.test(keyword))]),
      sender: from?.[0]?.email.toLowerCase() ?? null,
      recipients: to.map((address) => address.toLowerCase()),
      mailboxes,
    })),
    contacts: all.filter((lines) => !isGroup(lines)).map(contactFrom),
    groups: all.filter(isGroup).map(groupFrom),
  };
}

function contactFrom(lines: readonly string[]): SightedContact {
  return {
    uid: propertyIn(lines, 'UID'),
    addresses: lines
      .filter((line) => /^(?:[^:;.]*\.)?EMAIL[;:]/i.test(line))
      .map((line) => afterColon(line).toLowerCase()),
    isOwn: lines.some((line) => line.startsWith('X-MAILROOM-DIGEST:')),
    lines,
  };
}

function groupFrom(lines: readonly string[]): SightedGroup {
  return {
    uid: propertyIn(lines, 'UID'),
    name: propertyIn(lines, 'FN'),
    members: lines.filter((line) => MEMBER.test(line)).map((line) => afterColon(line).replace(/^urn:uuid:/i, '')),
    lines: lines.filter((line) => !MEMBER.test(line)),
  };
}

function propertyIn(lines: readonly string[], name: string): string {
  const start = new RegExp(`^${name}[;:]`, 'i');
  return afterColon(lines.find((line) => start.test(line)) ?? ':');
}

function afterColon(line: string): string {
  return line.slice(line.indexOf(':') + 1);
}
