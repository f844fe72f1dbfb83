import { MailroomError } from '../errors';
import type { MessageExtra } from '../ports';
import { foldAddress } from '../triage/address';
import type { EmailAddress, ListedMessage, Message } from '../triage/message';
import { isObject, member, strings } from './json';

/** What is asked of each Email (RFC 8621, section 4.1), and how it is read. */
export interface MessageForm<T extends Message> {
  readonly properties: readonly string[];
  /** Messages in one answer, over all searches in it: what bounds the memory. */
  readonly atOnce: number;
  /** @throws MailroomError `protocol` for what is no Email */
  readonly read: (email: unknown) => T;
}

const LIST_HEADERS = ['header:List-Id', 'header:List-Unsubscribe'];

export const MESSAGE: MessageForm<Message> = {
  properties: ['id', 'mailboxIds', 'from', 'receivedAt'],
  atOnce: 1024,
  read: messageFrom,
};

export const LISTED_MESSAGE: MessageForm<ListedMessage> = {
  properties: [...MESSAGE.properties, 'subject', ...LIST_HEADERS],
  atOnce: 1024,
  read(email) {
    const subject = member(email, 'subject');
    return {
      ...messageFrom(email),
      subject: typeof subject === 'string' ? subject : '',
      list: LIST_HEADERS.some((header) => typeof member(email, header) === 'string'),
    };
  },
};

const LIST_POST = 'header:List-Post:asURLs';

/** The form with what else is wanted. */
export function formWith<T extends Message>(
  form: MessageForm<T>,
  extras: readonly MessageExtra[] = [],
): MessageForm<T> {
  if (!extras.includes('lists')) return form;
  return {
    ...form,
    properties: [...form.properties, 'to', 'cc', LIST_POST],
    read: (email) => ({
      ...form.read(email),
      recipients: ['to', 'cc'].flatMap((field) => recipientsIn(member(email, field))),
      listPost: strings(member(email, LIST_POST)),
    }),
  };
}

/** What makes no sense among them is left out: nobody is judged by a recipient alone. */
function recipientsIn(addresses: unknown): readonly string[] {
  if (!Array.isArray(addresses)) return [];
  return addresses
    .map((item) => member(item, 'email'))
    .flatMap((email) => (typeof email === 'string' ? foldAddress(email) : []));
}

/** The properties of an Email that {@link placesFrom} reads. */
export const PLACES = ['id', 'mailboxIds'];

/** The properties of a message without anything that its sender wrote: whose it is, they do not say. */
export const BARE = [...PLACES, 'receivedAt'];

/** Which message it is, and the mailboxes that it is in. @throws MailroomError `protocol` */
export function placesFrom(email: unknown): Pick<Message, 'id' | 'mailboxIds'> {
  const id = member(email, 'id');
  const mailboxIds = member(email, 'mailboxIds');
  if (typeof id !== 'string' || !isObject(mailboxIds)) throw incomplete();
  return { id, mailboxIds: Object.keys(mailboxIds).filter((mailbox) => mailboxIds[mailbox] === true) };
}

function messageFrom(email: unknown): Message {
  const receivedAt = member(email, 'receivedAt');
  if (typeof receivedAt !== 'string') throw incomplete();
  return { ...placesFrom(email), from: addressesFrom(member(email, 'from')), receivedAt };
}

function incomplete(): MailroomError {
  return new MailroomError({ code: 'protocol', message: 'JMAP: a message in the answer lacks what was asked for' });
}

/** Null where any of it makes no sense: a list that lost an address could have another one for its sender. */
function addressesFrom(from: unknown): readonly EmailAddress[] | null {
  if (!Array.isArray(from) || from.length === 0) return null;
  const addresses = from.flatMap((item): readonly EmailAddress[] => {
    const name = member(item, 'name');
    const email = member(item, 'email');
    return typeof email === 'string' ? [{ name: typeof name === 'string' ? name : null, email }] : [];
  });
  return addresses.length === from.length ? addresses : null;
}
