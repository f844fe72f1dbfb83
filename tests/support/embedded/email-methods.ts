import type { MailStore, StoredEmail } from './mail-store';
import { headerValue, headerValues } from './message-text';
import {
  type Arguments,
  isRecord,
  itemsOf,
  MethodError,
  orNull,
  type SetError,
  select,
  wantedIds,
} from './method-error';

/** Email/get (RFC 8621, section 4.2). */
export function getEmails(store: MailStore, args: Arguments): object {
  const ids = wantedIds(args);
  if (ids === null) throw new MethodError('requestTooLarge', { description: 'ids must be specified' });
  const known = [...new Set(ids)].flatMap((id) => store.emails.get(id) ?? []);
  return {
    state: store.state,
    list: known.map((email) => select(describe(email, args), args)),
    notFound: ids.filter((id) => !store.emails.has(id)),
  };
}

/** Email/set (RFC 8621, section 4.6). */
export function setEmails(store: MailStore, args: Arguments): object {
  const oldState = store.state;
  if (typeof args.ifInState === 'string' && args.ifInState !== oldState) throw new MethodError('stateMismatch');
  const created: Record<string, object> = {};
  const updated: Record<string, null> = {};
  const destroyed: string[] = [];
  const notCreated: Record<string, SetError> = {};
  const notUpdated: Record<string, SetError> = {};
  const notDestroyed: Record<string, SetError> = {};
  for (const [creationId, wish] of itemsOf(args, 'create')) {
    const outcome = add(store, rawOf(wish), wish);
    if ('type' in outcome) notCreated[creationId] = outcome;
    else created[creationId] = outcome;
  }
  for (const [id, patch] of itemsOf(args, 'update')) {
    const refused = update(store, id, patch);
    if (refused === undefined) updated[id] = null;
    else notUpdated[id] = refused;
  }
  for (const id of (args.destroy ?? []) as readonly string[]) {
    if (store.emails.delete(id)) destroyed.push(id);
    else notDestroyed[id] = { type: 'notFound' };
  }
  if (destroyed.length > 0) store.touch();
  return {
    oldState,
    newState: store.state,
    created: orNull(created),
    updated: orNull(updated),
    destroyed: destroyed.length === 0 ? null : destroyed,
    notCreated: orNull(notCreated),
    notUpdated: orNull(notUpdated),
    notDestroyed: orNull(notDestroyed),
  };
}

/** Email/import (RFC 8621, section 4.8). */
export function importEmails(store: MailStore, args: Arguments): object {
  const oldState = store.state;
  const created: Record<string, object> = {};
  const notCreated: Record<string, SetError> = {};
  for (const [creationId, wish] of itemsOf(args, 'emails')) {
    const raw = store.blobs.get(wish.blobId as string);
    const outcome: SetError | object = raw === undefined ? { type: 'blobNotFound' } : add(store, raw, wish);
    if ('type' in outcome) notCreated[creationId] = outcome as SetError;
    else created[creationId] = outcome;
  }
  return { oldState, newState: store.state, created: orNull(created), notCreated: orNull(notCreated) };
}

function add(store: MailStore, raw: Buffer, wish: Arguments): SetError | { readonly id: string } {
  const mailboxIds = Object.keys((wish.mailboxIds ?? {}) as object);
  const isRight = mailboxIds.length > 0 && mailboxIds.every((id) => store.mailboxes.has(id));
  if (!isRight) return { type: 'invalidProperties', properties: ['mailboxIds'] };
  const keywords = Object.keys((wish.keywords ?? {}) as object);
  const receivedAt = typeof wish.receivedAt === 'string' ? wish.receivedAt : new Date().toISOString();
  const { id, blobId, size } = store.addEmail({ raw, mailboxIds, keywords, receivedAt });
  return { id, blobId, threadId: `T${id.slice(1)}`, size } as { readonly id: string };
}

/** The message that an Email/set creation describes: raw headers, a subject and a text. */
function rawOf(wish: Arguments): Buffer {
  const headers = Object.entries(wish).flatMap(([name, value]) => {
    const [, field] = /^header:([^:]+):asRaw$/.exec(name) ?? [];
    return field === undefined ? [] : [`${field}:${value}`];
  });
  const [messageId] = (wish.messageId ?? []) as readonly string[];
  if (typeof wish.subject === 'string') headers.push(`Subject: ${wish.subject}`);
  if (messageId !== undefined) headers.push(`Message-ID: <${messageId}>`);
  const body = Object.values((wish.bodyValues ?? {}) as Record<string, { readonly value: string }>);
  return Buffer.from([...headers, '', ...body.map(({ value }) => value), ''].join('\r\n'));
}

/** Changes one message, wholly or not at all; says why not. */
function update(store: MailStore, id: string, patch: Arguments): SetError | undefined {
  const email = store.emails.get(id);
  if (email === undefined) return { type: 'notFound' };
  const mailboxIds = new Set(email.mailboxIds);
  const keywords = new Set(email.keywords);
  for (const [path, value] of Object.entries(patch)) {
    const [property = '', name] = path.split('/').map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'));
    const target = { mailboxIds, keywords }[property];
    if (target === undefined) return { type: 'invalidProperties', properties: [path] };
    if (name === undefined) replace(target, value);
    else if (value === true) target.add(name);
    else if (value === null) target.delete(name);
    else return { type: 'invalidPatch' };
  }
  const isRight = mailboxIds.size > 0 && [...mailboxIds].every((mailboxId) => store.mailboxes.has(mailboxId));
  if (!isRight) return { type: 'invalidProperties', properties: ['mailboxIds'] };
  if (sameSet(mailboxIds, email.mailboxIds) && sameSet(keywords, email.keywords)) return undefined;
  store.emails.set(id, { ...email, mailboxIds, keywords });
  store.touch();
  return undefined;
}

function replace(target: Set<string>, value: unknown): void {
  target.clear();
  if (isRecord(value)) for (const name of Object.keys(value)) target.add(name);
}

function sameSet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((item) => other.has(item));
}

function describe(email: StoredEmail, { properties }: Arguments) {
  const { id, blobId, size, receivedAt, subject, from, to, cc, headers } = email;
  const asked = ((properties ?? []) as readonly string[]).flatMap((property) => {
    const [, name, form, all] = /^header:([^:]+)(?::(asRaw|asURLs))?(:all)?$/.exec(property) ?? [];
    if (name === undefined) return [];
    if (all !== undefined) return [[property, headerValues(headers, name)]];
    const value = headerValue(headers, name) ?? null;
    return [[property, form === 'asURLs' ? urlsIn(value) : value]];
  });
  return {
    id,
    blobId,
    threadId: `T${id.slice(1)}`,
    size,
    receivedAt,
    subject,
    from,
    to,
    cc,
    mailboxIds: allTrue(email.mailboxIds),
    keywords: allTrue(email.keywords),
    ...Object.fromEntries(asked),
  };
}

/** RFC 8621, section 4.1.2.7. */
function urlsIn(value: string | null): readonly string[] | null {
  const urls = Array.from(value?.matchAll(/<([^<>]*)>/g) ?? [], ([, url = '']) => url.trim());
  return urls.length === 0 ? null : urls;
}

function allTrue(names: ReadonlySet<string>): Readonly<Record<string, true>> {
  return Object.fromEntries(Array.from(names, (name) => [name, true] as const));
}
