import type { MailStore, StoredMailbox } from './mail-store';
import { type Arguments, itemsOf, orNull, type SetError, select, wantedIds } from './method-error';

/** Mailbox/get (RFC 8621, section 2.1). */
export function getMailboxes(store: MailStore, args: Arguments): object {
  const totals = new Map<string, number>();
  for (const { mailboxIds } of store.emails.values())
    for (const id of mailboxIds) totals.set(id, (totals.get(id) ?? 0) + 1);
  const ids = wantedIds(args) ?? [...store.mailboxes.keys()];
  const known = ids.flatMap((id) => store.mailboxes.get(id) ?? []);
  return {
    state: store.state,
    list: known.map((mailbox) => select(describe(mailbox, totals.get(mailbox.id) ?? 0), args)),
    notFound: ids.filter((id) => !store.mailboxes.has(id)),
  };
}

/** Mailbox/query (RFC 8621, section 2.3), by role, name and parent. */
export function queryMailboxes(store: MailStore, { filter, position = 0, limit }: Arguments): object {
  const wanted = Object.entries((filter ?? {}) as Partial<StoredMailbox>);
  const fits = (mailbox: StoredMailbox): boolean =>
    wanted.every(([name, value]) => mailbox[name as keyof StoredMailbox] === value);
  const ids = [...store.mailboxes.values()].filter(fits).map(({ id }) => id);
  const start = position as number;
  const end = typeof limit === 'number' ? start + limit : undefined;
  return { queryState: store.state, canCalculateChanges: false, position: start, ids: ids.slice(start, end) };
}

/** Mailbox/set (RFC 8621, section 2.5): creation alone. */
export function setMailboxes(store: MailStore, args: Arguments): object {
  const oldState = store.state;
  const created: Record<string, object> = {};
  const notCreated: Record<string, SetError> = {};
  for (const [creationId, wish] of itemsOf(args, 'create')) {
    const { name = '', parentId = null, role = null, isSubscribed = false } = wish as Partial<StoredMailbox>;
    const refused = refusal(store, name, parentId);
    if (refused === undefined)
      created[creationId] = { id: store.addMailbox({ name, parentId, role, isSubscribed }).id };
    else notCreated[creationId] = { type: 'invalidProperties', properties: [refused] };
  }
  return {
    oldState,
    newState: store.state,
    created: orNull(created),
    updated: null,
    destroyed: null,
    notCreated: orNull(notCreated),
    notUpdated: null,
    notDestroyed: null,
  };
}

/** The property that cannot be so. */
function refusal(store: MailStore, name: string, parentId: string | null): string | undefined {
  if (parentId !== null && !store.mailboxes.has(parentId)) return 'parentId';
  const siblings = [...store.mailboxes.values()].filter((mailbox) => mailbox.parentId === parentId);
  return name === '' || siblings.some((sibling) => sibling.name === name) ? 'name' : undefined;
}

function describe(mailbox: StoredMailbox, totalEmails: number) {
  return {
    ...mailbox,
    sortOrder: 10,
    totalEmails,
    unreadEmails: totalEmails,
    totalThreads: totalEmails,
    unreadThreads: totalEmails,
    myRights: {
      mayReadItems: true,
      mayAddItems: true,
      mayRemoveItems: true,
      maySetSeen: true,
      maySetKeywords: true,
      mayCreateChild: true,
      mayRename: true,
      mayDelete: true,
      maySubmit: true,
    },
  };
}
