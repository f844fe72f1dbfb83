/** A message as the server holds it. */
export interface SeenMessage {
  readonly id: string;
  readonly subject: string;
  readonly from: readonly { readonly name: string | null; readonly email: string }[] | null;
  /** Addresses of To. */
  readonly to: readonly string[];
  /** Paths, in alphabetical order. */
  readonly mailboxes: readonly string[];
  readonly keywords: readonly string[];
}

/** A mailbox as JMAP has it. */
export interface JmapMailbox {
  readonly id: string;
  readonly name: string;
  readonly parentId: string | null;
  readonly role: string | null;
}

/** A message as JMAP has it. */
export interface JmapEmail {
  readonly id: string;
  readonly subject: string | null;
  readonly from: SeenMessage['from'];
  readonly to: SeenMessage['from'];
  readonly mailboxIds: Readonly<Record<string, true>>;
  readonly keywords: Readonly<Record<string, true>>;
}

/** What is read of each message. */
export const SEEN = ['subject', 'from', 'to', 'mailboxIds', 'keywords'];

/** Path → id. */
export function pathsIn(list: readonly JmapMailbox[]): ReadonlyMap<string, string> {
  const byId = new Map(list.map((mailbox) => [mailbox.id, mailbox]));
  const pathOf = ({ name, role, parentId }: JmapMailbox): string => {
    if (role === 'inbox') return 'Inbox';
    const parent = parentId === null ? undefined : byId.get(parentId);
    return parent === undefined ? name : `${pathOf(parent)}/${name}`;
  };
  return new Map(list.map((mailbox) => [pathOf(mailbox), mailbox.id]));
}

export function seenIn(email: JmapEmail, pathById: ReadonlyMap<string, string>): SeenMessage {
  const { id, subject, from, to, mailboxIds, keywords } = email;
  return {
    id,
    subject: subject ?? '',
    from,
    to: (to ?? []).map(({ email }) => email),
    mailboxes: Object.keys(mailboxIds)
      .map((mailbox) => pathById.get(mailbox) as string)
      .sort(),
    keywords: Object.keys(keywords).sort(),
  };
}
