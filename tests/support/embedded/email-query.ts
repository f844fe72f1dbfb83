import type { MailStore, StoredEmail } from './mail-store';
import { type EmailAddress, headerValue } from './message-text';
import { type Arguments, isRecord, MethodError } from './method-error';

type Test = (email: StoredEmail) => boolean;

/** Email/query (RFC 8621, section 4.4), by `receivedAt`. */
export function queryEmails(store: MailStore, args: Arguments): object {
  const fits = args.filter === undefined || args.filter === null ? () => true : testOf(store, args.filter, 'filter');
  const ids = sorted([...store.emails.values()].filter(fits), args.sort).map(({ id }) => id);
  const position = positionOf(ids, args);
  const asked = typeof args.limit === 'number' ? args.limit : Number.POSITIVE_INFINITY;
  const limit = Math.min(asked, store.maxIdsInQuery);
  return {
    queryState: store.state,
    canCalculateChanges: false,
    position,
    ids: ids.slice(position, position + limit),
    ...(limit < asked ? { limit } : {}),
    // Left out unless asked for, so that nobody relies on it.
    ...(args.calculateTotal === true ? { total: ids.length } : {}),
  };
}

function testOf(store: MailStore, filter: unknown, path: string): Test {
  if (!isRecord(filter)) throw new MethodError('invalidArguments', { arguments: [path] });
  if (filter.operator !== undefined) return operation(store, filter, path);
  const tests = Object.entries(filter).map(([name, value]) => condition(store, name, value, path));
  return (email) => tests.every((test) => test(email));
}

function operation(store: MailStore, { operator, conditions }: Arguments, path: string): Test {
  const tests = (conditions as readonly unknown[]).map((each) => testOf(store, each, path));
  if (operator === 'AND') return (email) => tests.every((test) => test(email));
  if (operator === 'OR') return (email) => tests.some((test) => test(email));
  if (operator === 'NOT') return (email) => !tests.some((test) => test(email));
  throw new MethodError('invalidArguments', { arguments: [`${path}/operator`] });
}

function condition(store: MailStore, name: string, value: unknown, path: string): Test {
  if (name === 'inMailbox' && store.mailboxes.has(value as string))
    return ({ mailboxIds }) => mailboxIds.has(value as string);
  if (name === 'inMailboxOtherThan')
    return ({ mailboxIds }) => [...mailboxIds].some((id) => !(value as string[]).includes(id));
  if (name === 'after' && typeof value === 'string') return ({ receivedAt }) => receivedAt >= value;
  if (name === 'before' && typeof value === 'string') return ({ receivedAt }) => receivedAt < value;
  if (isAddressField(name) && typeof value === 'string')
    return (email) => email.isIndexed && mentions(email[name], value);
  if (name === 'header' && Array.isArray(value))
    return ({ isIndexed, headers }) => isIndexed && headerValue(headers, String(value[0])) !== undefined;
  throw new MethodError('invalidArguments', { arguments: [`${path}/${name}`] });
}

function isAddressField(name: string): name is 'from' | 'to' | 'cc' {
  return ['from', 'to', 'cc'].includes(name);
}

/** Finds more than the address: `ann@x` is part of `joann@x`, and names count too. */
function mentions(addresses: readonly EmailAddress[] | null, text: string): boolean {
  const words = (addresses ?? []).map(({ name, email }) => `${name ?? ''} ${email}`.toLowerCase());
  return words.some((each) => each.includes(text.toLowerCase()));
}

function sorted(emails: readonly StoredEmail[], sort: unknown): readonly StoredEmail[] {
  const [first = { property: 'receivedAt', isAscending: false }] = (sort ?? []) as readonly Arguments[];
  if (first.property !== 'receivedAt') throw new MethodError('unsupportedSort');
  const sign = first.isAscending === false ? -1 : 1;
  const keyed = emails.map((email) => ({ key: `${email.receivedAt} ${email.id}`, email }));
  keyed.sort((a, b) => (a.key < b.key ? -sign : sign));
  return keyed.map(({ email }) => email);
}

/** Where the window begins (RFC 8620, section 5.5). */
function positionOf(ids: readonly string[], { anchor, anchorOffset = 0, position = 0 }: Arguments): number {
  if (anchor === undefined || anchor === null) {
    const start = position as number;
    return start < 0 ? Math.max(0, ids.length + start) : Math.min(start, ids.length);
  }
  const index = ids.indexOf(anchor as string);
  if (index < 0) throw new MethodError('anchorNotFound');
  return Math.max(0, index + (anchorOffset as number));
}
