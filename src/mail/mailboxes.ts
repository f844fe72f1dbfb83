import { MailroomError } from '../errors';
import type { Mailbox } from '../ports';
import { isObject, type JsonObject, member, plain, strings } from './json';
import { slowDown } from './pace';
import { type Api, isTooLarge, listOf, resultOf } from './request';

const PROPERTIES = ['id', 'name', 'parentId', 'role', 'totalEmails', 'isSubscribed'];
/** Servers have failed when they were to make fifty at once. */
const CREATED_AT_ONCE = 10;
const CREATE_ATTEMPTS = 3;

/**
 * Every mailbox of the account, in one request where the server allows it (Mailbox/get, RFC 8621, section 2.1).
 *
 * @throws MailroomError
 */
export async function readMailboxes(api: Api): Promise<readonly Mailbox[]> {
  const [result] = await api.call([{ name: 'Mailbox/get', arguments: { ids: null, properties: PROPERTIES } }]);
  if (result !== undefined && isTooLarge(result)) return readMailboxPages(api, 0);
  return mailboxesOf(api.argumentsOf(result, 'Mailbox/get'));
}

/** The mailboxes from that position on, in as many requests as the server's limit on objects asks for. */
async function readMailboxPages(api: Api, position: number): Promise<readonly Mailbox[]> {
  const limit = api.pace.objectsInGet;
  const [query, get] = await api.call([
    { name: 'Mailbox/query', arguments: { sort: [{ property: 'name', isAscending: true }], position, limit } },
    { name: 'Mailbox/get', arguments: { '#ids': resultOf(0, 'Mailbox/query', '/ids'), properties: PROPERTIES } },
  ]);
  if (query !== undefined && isTooLarge(query) && limit > 1) {
    slowDown(api.pace, 'objectsInGet', limit);
    return readMailboxPages(api, position);
  }
  const found = listOf(api.argumentsOf(query, 'Mailbox/query'), 'ids', 'Mailbox/query').length;
  if (found === 0) return [];
  if (get !== undefined && isTooLarge(get) && found > 1) {
    slowDown(api.pace, 'objectsInGet', found);
    return readMailboxPages(api, position);
  }
  const mailboxes = mailboxesOf(api.argumentsOf(get, 'Mailbox/get'));
  return [...mailboxes, ...(await readMailboxPages(api, position + found))];
}

function mailboxesOf(answer: JsonObject): readonly Mailbox[] {
  return listOf(answer, 'list', 'Mailbox/get').map((item) => {
    const { id, name, parentId, role, totalEmails, isSubscribed } = isObject(item) ? item : {};
    if (typeof id !== 'string' || typeof name !== 'string') {
      throw new MailroomError({ code: 'protocol', message: 'JMAP: a mailbox in the answer has no id or no name' });
    }
    return {
      id,
      name,
      parentId: typeof parentId === 'string' ? parentId : null,
      role: typeof role === 'string' ? role.toLowerCase() : null,
      totalEmails: typeof totalEmails === 'number' ? totalEmails : 0,
      isSubscribed: isSubscribed === true,
    };
  });
}

/**
 * Makes top-level, subscribed mailboxes (Mailbox/set, RFC 8621, section 2.5). Names that exist at the top level by
 * then, because somebody else made them or because an answer was lost, are left as they are.
 *
 * @throws MailroomError `refused` with the names that were not made, and otherwise as requests do
 */
export async function createMailboxes(api: Api, names: readonly string[]): Promise<void> {
  const refusals = new Map<string, string>();
  const atOnce = Math.min(CREATED_AT_ONCE, api.limits.maxObjectsInSet);
  for (let i = 0; i < names.length; i += atOnce) {
    for (const [name, reason] of await createBatch(api, names.slice(i, i + atOnce))) refusals.set(name, reason);
  }
  if (refusals.size === 0) return;
  const there = await topLevelNames(api);
  const missing = [...refusals].filter(([name]) => !there.has(name));
  if (missing.length === 0) return;
  const reasons = missing.map(([name, reason]) => `${JSON.stringify(name)} (${reason})`).join(', ');
  throw new MailroomError({ code: 'refused', message: `JMAP: the server does not make these mailboxes: ${reasons}` });
}

/** The names that were refused, and why. After a lost answer it looks first which of them were made all the same. */
async function createBatch(api: Api, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  let wanted = names;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await requestMailboxes(api, wanted);
    } catch (error) {
      const lost = error instanceof MailroomError && error.code === 'transient';
      if (!lost || attempt === CREATE_ATTEMPTS) throw error;
      const there = await topLevelNames(api);
      wanted = wanted.filter((name) => !there.has(name));
      if (wanted.length === 0) return new Map();
    }
  }
}

async function requestMailboxes(api: Api, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const create = Object.fromEntries(
    names.map((name, i) => [`new${i}`, { name, parentId: null, isSubscribed: true }] as const),
  );
  const [result] = await api.call([{ name: 'Mailbox/set', arguments: { create } }], { retry: false });
  if (result !== undefined && isTooLarge(result) && names.length > 1) {
    const middle = Math.ceil(names.length / 2);
    const first = await requestMailboxes(api, names.slice(0, middle));
    return new Map([...first, ...(await requestMailboxes(api, names.slice(middle)))]);
  }
  const { created, notCreated } = api.argumentsOf(result, 'Mailbox/set');
  const refusals = new Map<string, string>();
  names.forEach((name, i) => {
    if (isObject(member(created, `new${i}`))) return;
    const error = member(notCreated, `new${i}`);
    const reason = [plain(member(error, 'type')), plain(member(error, 'description'))].filter(Boolean).join(', ');
    const properties = strings(member(error, 'properties')).map(plain).join(', ');
    refusals.set(name, [reason || 'no reason given', properties].filter(Boolean).join(': '));
  });
  return refusals;
}

async function topLevelNames(api: Api): Promise<ReadonlySet<string>> {
  const mailboxes = await readMailboxes(api);
  return new Set(mailboxes.filter((mailbox) => mailbox.parentId === null).map((mailbox) => mailbox.name));
}
