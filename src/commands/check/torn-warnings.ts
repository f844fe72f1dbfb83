import type { Settings } from '../../config';
import type { AddressBook } from '../../ports';
import { chainOf } from '../../triage/categories';
import type { Category } from '../../triage/category';
import type { Group } from '../../triage/contact';
import { HISTORY_MARK } from '../../triage/history';
import { groupOf, type SubjectKind } from '../../triage/subject';
import { type Finding, listed, warning } from './finding';

/** A sender belongs to the groups of one chain, and so do a domain and a list. Contacts are read where something is wrong. */
export async function tornWarnings(
  groups: readonly Group[],
  kinds: readonly SubjectKind[],
  { categories }: Settings,
  book: AddressBook,
): Promise<readonly Finding[]> {
  const torn = kinds.flatMap((kind) => tornMembers(groups, kind, categories));
  if (torn.length === 0) return [];
  const contacts = new Map((await book.findByNote(HISTORY_MARK)).map((contact) => [contact.uid, contact]));
  const where = [...new Set(torn.map(({ names }) => names.join(' and ')))];
  const who = torn.map(({ uid }) => contacts.get(uid)?.addresses[0] ?? contacts.get(uid)?.formattedName ?? uid);
  return [
    warning(
      'memberships',
      `${torn.length === 1 ? 'A sender is' : `${torn.length} senders are`} in the groups of several verdicts (${listed(where)}): ${listed(who)}`,
      'Put the triage label of the right verdict on a message of theirs',
    ),
  ];
}

interface Torn {
  readonly uid: string;
  readonly names: readonly string[];
}

/** Members of groups of that kind whose groups no single chain has. */
function tornMembers(groups: readonly Group[], kind: SubjectKind, categories: readonly Category[]): readonly Torn[] {
  const chains = categories.map((category) => chainOf(category, categories).map((one) => groupOf(one, kind)));
  const byMember = new Map<string, Set<string>>();
  for (const { name, members } of groups.filter((group) => chains.flat().includes(group.name))) {
    for (const uid of members) byMember.set(uid, (byMember.get(uid) ?? new Set()).add(name));
  }
  return [...byMember]
    .filter(([, names]) => !chains.some((chain) => [...names].every((name) => chain.includes(name))))
    .map(([uid, names]) => ({ uid, names: [...names].sort() }));
}
