import { MailroomError } from '../errors';
import type { NewMessage, OwnMessage } from '../ports';
import { isObject, type JsonObject, member, plain } from './json';
import { type Api, isPassing, listOf, type MethodCall, resultOf } from './request';

/** How many of the newest messages are looked at. There is one letter, as a rule. */
const LOOKED_AT = 100;

/**
 * Messages with that header, newest first, by a search for it (Email/query, RFC 8621, section 4.4.1) and by a look at
 * the newest ones of the mailbox, since a search may lag behind. Every mail server that hands a message on puts a
 * `Received` into it (RFC 5321, section 4.4): what has one came from somewhere else, and is nobody's to take away.
 *
 * @throws MailroomError
 */
export async function findOwnMessages(
  api: Api,
  header: string,
  mailboxId: string | null,
): Promise<readonly OwnMessage[]> {
  const filters: readonly JsonObject[] = [
    { header: [header] },
    ...(mailboxId === null ? [] : [{ inMailbox: mailboxId }]),
  ];
  const found = new Map<string, OwnMessage>();
  for (const filter of filters) {
    const [query, get] = await api.call(callsFor(filter, header));
    // A server need not search in headers that it does not know.
    if (query?.error?.type === 'unsupportedFilter') continue;
    api.argumentsOf(query, 'Email/query');
    for (const email of listOf(api.argumentsOf(get, 'Email/get'), 'list', 'Email/get')) {
      const message = ownMessageFrom(email, header);
      if (message !== undefined) found.set(message.id, message);
    }
  }
  return [...found.values()].sort((one, other) => (one.receivedAt < other.receivedAt ? 1 : -1));
}

function callsFor(filter: JsonObject, header: string): readonly MethodCall[] {
  return [
    {
      name: 'Email/query',
      arguments: { filter, sort: [{ property: 'receivedAt', isAscending: false }], limit: LOOKED_AT },
    },
    {
      name: 'Email/get',
      arguments: {
        '#ids': resultOf(0, 'Email/query', '/ids'),
        properties: ['id', 'receivedAt', `header:${header}`, RECEIVED],
      },
    },
  ];
}

const RECEIVED = 'header:Received';

function ownMessageFrom(email: unknown, name: string): OwnMessage | undefined {
  const [id, receivedAt, header] = ['id', 'receivedAt', `header:${name}`].map((property) => member(email, property));
  const isOwn = member(email, RECEIVED) === null;
  return isOwn && typeof id === 'string' && typeof receivedAt === 'string' && typeof header === 'string'
    ? { id, receivedAt, header: header.trim() }
    : undefined;
}

/**
 * Puts a message into the account (Email/set, RFC 8621, section 4.6), unread, as text and as HTML.
 *
 * @throws MailroomError `refused`, and otherwise as requests do
 */
export async function createMessage(api: Api, message: NewMessage): Promise<void> {
  const { mailboxId, address, subject, header, text, html } = message;
  const who = [{ name: 'Mailroom', email: address }];
  const create = {
    new: {
      mailboxIds: { [mailboxId]: true },
      keywords: {},
      from: who,
      to: [{ name: null, email: address }],
      subject,
      [`header:${header.name}:asText`]: header.value,
      bodyStructure: {
        type: 'multipart/alternative',
        subParts: [
          { partId: 'text', type: 'text/plain' },
          { partId: 'html', type: 'text/html' },
        ],
      },
      bodyValues: { text: { value: text }, html: { value: html } },
    },
  };
  const [result] = await api.call([{ name: 'Email/set', arguments: { create } }], { retry: false });
  const { created, notCreated } = api.argumentsOf(result, 'Email/set');
  if (!isObject(member(created, 'new'))) throw refusal('does not take the message', member(notCreated, 'new'));
}

/**
 * Destroys the messages (Email/set, RFC 8620, section 5.3).
 *
 * @throws MailroomError `refused`, and otherwise as requests do
 */
export async function destroyMessages(api: Api, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const [result] = await api.call([{ name: 'Email/set', arguments: { destroy: ids } }]);
  const { notDestroyed } = api.argumentsOf(result, 'Email/set');
  for (const id of ids) {
    const error = member(notDestroyed, id);
    if (error !== undefined && member(error, 'type') !== 'notFound') throw refusal('does not destroy a message', error);
  }
}

function refusal(what: string, error: unknown): MailroomError {
  const type = plain(member(error, 'type')) || 'no reason given';
  const reason = [type, plain(member(error, 'description'))].filter(Boolean).join(', ');
  return new MailroomError({
    code: isPassing(type) ? 'transient' : 'refused',
    message: `JMAP: the server ${what}: ${reason}`,
  });
}
