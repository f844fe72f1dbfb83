import type { Category } from './category';

/** What a verdict is on: one sender, all of a domain, or a mailing list. */
export type SubjectKind = 'sender' | 'domain' | 'list';

export interface Subject {
  readonly kind: SubjectKind;
  /** What a contact carries as its address, folded: a sender's, `*@` and a domain, or where a list is posted to. */
  readonly address: string;
}

export const SUBJECT_KINDS: readonly SubjectKind[] = ['sender', 'domain', 'list'];

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
