import { domainOf, isWholeDomain, mailtoAddress, wholeDomainOf } from './address';
import type { Category } from './category';
import type { Message } from './message';
import { isAddress, senderOf } from './sender';

/** What a verdict is on: one sender, all of a domain, or a mailing list. */
export type SubjectKind = 'sender' | 'domain' | 'list';

export interface Subject {
  readonly kind: SubjectKind;
  /** What a contact carries as its address, folded: a sender's, `*@` and a domain, or where a list is posted to. */
  readonly address: string;
}

/** The kind whose verdict wins comes first. */
export const SUBJECT_KINDS: readonly SubjectKind[] = ['sender', 'domain', 'list'];

/** What a list is called where addresses of senders may stand as well. */
export const LIST_MARK = 'list:';

/**
 * What tells subjects apart: an address for a sender, `*@shop.example` for a domain, `list:posts@list.example` for a list.
 * A sender whose address looks like a list's is written as a `mailto:` URI, as which no sender's begins.
 */
export function keyOf({ kind, address }: Subject): string {
  if (kind === 'list') return LIST_MARK + address;
  return address.startsWith(LIST_MARK) ? `mailto:${address}` : address;
}

/** What people call it. */
export function nameOf({ kind, address }: Subject): string {
  if (kind === 'list') return `the list ${address}`;
  return kind === 'domain' ? `all of ${domainOf(address)}` : address;
}

/** The same for logs and programs: its kind, and what of its address tells it apart. */
export function fieldsOf({ kind, address }: Subject): Readonly<Record<string, string>> {
  return { [kind]: kind === 'domain' ? domainOf(address) : address };
}

export function isSame(one: Subject, other: Subject): boolean {
  return one.kind === other.kind && one.address === other.address;
}

/** What a verdict is on that names this address alone. */
export function subjectAt(address: string): Subject {
  return { kind: isWholeDomain(address) ? 'domain' : 'sender', address };
}

export function senderSubject(address: string): Subject {
  return { kind: 'sender', address };
}

/** The domain of a sender's address. */
export function domainSubject(address: string): Subject {
  return { kind: 'domain', address: wholeDomainOf(address) };
}

/**
 * Whose verdicts may rule a message: its sender's, its domain's, and those of the lists that it is addressed to, in this order.
 * Nobody's where it has no sender.
 */
export function subjectsOf(message: Message): readonly Subject[] {
  const sender = senderOf(message);
  if (sender === null) return [];
  const lists = new Set(message.recipients?.filter(isListAddress));
  return [
    senderSubject(sender),
    domainSubject(sender),
    ...[...lists].map((address): Subject => ({ kind: 'list', address })),
  ];
}

/** Where the message's own list is posted to: the first `mailto:` of its List-Post (RFC 2369, section 3.4); null without one. */
export function postingAddressOf({ listPost = [] }: Message): string | null {
  const [address = null] = listPost.flatMap((uri) => mailtoAddress(uri) ?? []);
  return address !== null && isListAddress(address) ? address : null;
}

/** The mailing list that sent the message: the one of its List-Post, if that is whom it is addressed to; else null. */
export function listOf(message: Message): Subject | null {
  const address = postingAddressOf(message);
  return address !== null && message.recipients?.includes(address) ? { kind: 'list', address } : null;
}

function isListAddress(address: string): boolean {
  return isAddress(address) && !isWholeDomain(address);
}

/** Kind → the field of a category that names the contact group of such subjects. */
export const GROUP_FIELDS = { sender: 'group', domain: 'domainGroup', list: 'listGroup' } as const;

/** Name of the contact group of subjects of that kind with that verdict. */
export function groupOf(category: Category, kind: SubjectKind): string {
  return category[GROUP_FIELDS[kind]];
}

/** The same where nobody names it. `group`: the one of senders. */
export function defaultGroup(group: string, kind: SubjectKind): string {
  return `${group}${{ sender: '', domain: ' domains', list: ' lists' }[kind]}`;
}
