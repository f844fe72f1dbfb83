import type { Settings } from '../../config';
import { neededGroups } from '../../cycle/locate';
import type { AddressBook, ListedContact, UnreadableCard } from '../../ports';
import { foldAddress, isWholeDomain } from '../../triage/address';
import type { Group } from '../../triage/contact';
import type { SubjectKind } from '../../triage/subject';
import { type Finding, listed, warning } from './finding';

/**
 * What a look at every card shows: cards that cannot be read, members whom the server's rules do not find, and domains
 * among senders.
 */
export async function cardWarnings(
  groups: readonly Group[],
  kinds: readonly SubjectKind[],
  settings: Settings,
  book: AddressBook,
): Promise<readonly Finding[]> {
  const contacts = await book.listContacts();
  return [
    ...unreadableCards(book.unreadable()),
    ...(await misspelledMembers(contacts, groups, book)),
    ...(kinds.includes('domain') ? domainsAmongSenders(contacts, groups, settings) : []),
  ];
}

/** Rules find such a contact for every sender of the domain, whatever verdict the sender has of its own. */
function domainsAmongSenders(
  contacts: readonly ListedContact[],
  groups: readonly Group[],
  settings: Settings,
): readonly Finding[] {
  const ofSenders = neededGroups(settings, ['sender']);
  const misplaced = contacts.flatMap(({ uid, addresses }) => {
    const domains = addresses.map(foldAddress).filter(isWholeDomain);
    const names = groups.filter(({ name, members }) => ofSenders.includes(name) && members.includes(uid));
    return names.length === 0
      ? []
      : domains.map((domain) => `${domain} in ${names.map(({ name }) => name).join(', ')}`);
  });
  if (misplaced.length === 0) return [];
  return [
    warning(
      'whole-domains',
      `Contact groups of senders hold whole domains, so that rules find every sender there, whatever verdict it has of its own: ${listed(misplaced)}`,
      `Put the triage label of their verdict and ${settings.featureLabels.domains} on a message of theirs`,
    ),
  ];
}

function unreadableCards(cards: readonly UnreadableCard[]): readonly Finding[] {
  if (cards.length === 0) return [];
  const which = listed(cards.map(({ href, reason }) => `${href} ${reason}`));
  return [
    warning(
      'unreadable-cards',
      `${cards.length === 1 ? 'A card cannot be read and is' : `${cards.length} cards cannot be read and are`} set aside: ${which}`,
      'Repair or delete what is broken there: a sender whose address stands in it is not triaged',
    ),
  ];
}

/** The list may show a UID otherwise than the card has it: who seems to be misspelled is looked at again. */
async function misspelledMembers(
  contacts: readonly ListedContact[],
  groups: readonly Group[],
  book: AddressBook,
): Promise<readonly Finding[]> {
  const spellings = groups.map(({ name, members, writtenMembers }) => ({
    name,
    members: new Set(members),
    written: new Set(writtenMembers),
  }));
  const misnamingGroups = ({ uid, writtenUid }: ListedContact): readonly string[] =>
    spellings.filter(({ members, written }) => members.has(uid) && !written.has(writtenUid)).map(({ name }) => name);
  const suspects = contacts.filter((contact) => misnamingGroups(contact).length > 0);
  const wrong = (await book.readContacts(suspects.map(({ href }) => href))).filter(
    (contact) => misnamingGroups(contact).length > 0,
  );
  if (wrong.length === 0) return [];
  const where = listed([...new Set(wrong.flatMap(misnamingGroups))]);
  const who = listed(wrong.map(({ addresses, formattedName, uid }) => addresses[0] ?? formattedName ?? uid));
  return [
    warning(
      'member-spelling',
      `The server's rules do not find ${wrong.length === 1 ? 'a member' : `${wrong.length} members`} of ${where}, whose UID is spelled otherwise there than in the card: ${who}`,
      'Put the triage label of their verdict on a message of theirs once more',
    ),
  ];
}
