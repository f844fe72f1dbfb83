import { randomUUID } from 'node:crypto';
import { MailroomError } from '../errors';
import type { HttpClient } from '../http/client';
import { printable } from '../http/confidential';
import type { AddressBook } from '../ports';
import { PROGRAM } from '../program';
import type { Contact, ContactEdit, Group, GroupChange, NewContact } from '../triage/contact';
import { CardSearch, type UnreadableCard } from './card-search';
import { editContact, toContact } from './contact-card';
import { findBook } from './discovery';
import { createContactFinder } from './find-contacts';
import { changeMembers, toGroup, toGroupSummary } from './group-card';
import type { CardQuery } from './queries';
import { StoredCards, stateOf } from './stored-cards';
import { UnreadableCards } from './unreadable-cards';

export interface AddressBookOptions {
  /** Where discovery starts. */
  readonly url: string;
  /** For messages. */
  readonly username: string;
  /** Requests to the origin of `url`, with the credentials. */
  readonly http: HttpClient;
}

const GROUP_PROPERTIES = ['VERSION', 'UID', 'FN', 'N', 'KIND', 'X-ADDRESSBOOKSERVER-KIND'];

const GROUPS: CardQuery = {
  test: 'anyof',
  filters: [
    { name: 'X-ADDRESSBOOKSERVER-KIND', match: 'equals', texts: ['group'] },
    { name: 'KIND', match: 'equals', texts: ['group'] },
  ],
  properties: GROUP_PROPERTIES,
};

/**
 * Finds the user's own default address book and its groups: five requests, redirects included, on Fastmail and on Cyrus.
 *
 * @throws MailroomError `settings`, `credentials`, `missing`, `protocol` or `transient`
 */
export async function openAddressBook({ url, username, http }: AddressBookOptions): Promise<AddressBook> {
  const book = await findBook({ url: new URL(url), username, http });
  const search = new CardSearch(book, http);
  const cards = new StoredCards(book, http, search);
  const unreadable = new UnreadableCards();
  const setAside = unreadable.lookingFor();
  const groups = await search.query(
    GROUPS,
    ({ card, url: { href } }) => toGroupSummary(card, href),
    (one) => {
      if (one.status >= 500) throw notNow(one);
      setAside(one);
    },
  );
  async function readGroups(hrefs: readonly string[]): Promise<readonly Group[]> {
    const found = await search.read(
      hrefs.map((href) => new URL(href)),
      (one) => {
        const group = toGroup(one.card, one.url.href);
        return group && { state: stateOf(one), group };
      },
      setAside,
    );
    await cards.learnVersions(found.map(({ state }) => state));
    return found.map(({ group }) => group);
  }

  async function createContact(contact: NewContact): Promise<'created' | 'exists'> {
    const { newContactCard } = await import('./own-card');
    return cards.create(contact.uid, newContactCard(contact));
  }

  async function changeContact(
    href: string,
    revise: (contact: Contact) => ContactEdit | undefined,
  ): Promise<'changed' | 'unchanged' | 'gone'> {
    let isContact = true;
    const outcome = await cards.update(new URL(href), (card) => {
      const contact = toContact(card, href);
      isContact = contact !== null;
      const edit = contact === null ? undefined : revise(contact);
      const edited = edit && editContact(card, edit);
      return edited && { kind: 'write', card: edited };
    });
    if (!isContact) return 'gone';
    return outcome === 'written' ? 'changed' : outcome;
  }

  async function deleteContact(
    href: string,
    unless: (contact: Contact) => boolean,
  ): Promise<'deleted' | 'kept' | 'gone'> {
    const outcome = await cards.update(new URL(href), (card) => {
      const contact = toContact(card, href);
      return contact === null || unless(contact) ? undefined : { kind: 'delete' };
    });
    return ({ written: 'deleted', unchanged: 'kept', gone: 'gone' } as const)[outcome];
  }

  async function changeGroup(href: string, change: GroupChange): Promise<'changed' | 'unchanged'> {
    let isGroup = true;
    const outcome = await cards.update(new URL(href), (card) => {
      isGroup = toGroupSummary(card, href) !== null;
      const changed = isGroup ? changeMembers(card, change) : undefined;
      return changed && { kind: 'write', card: changed };
    });
    if (outcome !== 'gone' && isGroup) return outcome === 'written' ? 'changed' : 'unchanged';
    const name = groups.find((group) => group.href === href)?.name ?? href;
    throw new MailroomError({
      code: 'missing',
      message: `The contact group ${name} is gone`,
      hint: `\`${PROGRAM} setup --apply\` makes it`,
    });
  }

  async function createGroup(name: string): Promise<void> {
    const { newGroupCard } = await import('./own-card');
    const uid = randomUUID();
    // The UID is random: a card that exists already is this one, whose first answer was lost.
    await cards.create(uid, newGroupCard(uid, name));
  }

  return {
    groups,
    writable: book.writable,
    readGroups,
    ...createContactFinder(search, cards, unreadable),
    unreadable: () => unreadable.all,
    createContact,
    expectChanges: (hrefs) => cards.expect(hrefs.map((href) => new URL(href))),
    changeContact,
    deleteContact,
    changeGroup,
    createGroup,
  };
}

/** A group that merely cannot be shown now must not seem to be missing. */
function notNow({ url, status }: UnreadableCard): MailroomError {
  return new MailroomError({
    code: 'transient',
    message: `CardDAV: ${printable(url)} could not be read: HTTP ${status}`,
  });
}
