import { randomUUID } from 'node:crypto';
import { MailroomError } from '../errors';
import type { HttpClient } from '../http/client';
import type { AddressBook } from '../ports';
import { PROGRAM } from '../program';
import { foldAddress } from '../triage/address';
import type { Contact, ContactEdit, Group, GroupChange, NewContact } from '../triage/contact';
import { type CardReader, CardSearch } from './card-search';
import { editContact, toContact } from './contact-card';
import { findBook } from './discovery';
import { changeMembers, toGroup, toGroupSummary } from './group-card';
import { type CardQuery, spellings } from './queries';
import { type CardState, StoredCards, stateOf } from './stored-cards';

export interface AddressBookOptions {
  /** Where discovery starts. */
  readonly url: string;
  /** For messages. */
  readonly username: string;
  /** Requests to the origin of `url`, with the credentials. */
  readonly http: HttpClient;
}

interface SeenContact {
  readonly state: CardState;
  readonly contact: Contact;
}

const GROUP_PROPERTIES = ['VERSION', 'UID', 'FN', 'N', 'KIND', 'X-ADDRESSBOOKSERVER-KIND'];
const CONTACT_PROPERTIES = [...GROUP_PROPERTIES, 'ORG', 'EMAIL', 'NOTE', 'X-MAILROOM-DIGEST'];

const GROUPS: CardQuery = {
  test: 'anyof',
  filters: [
    { name: 'X-ADDRESSBOOKSERVER-KIND', match: 'equals', texts: ['group'] },
    { name: 'KIND', match: 'equals', texts: ['group'] },
  ],
  properties: GROUP_PROPERTIES,
};

/**
 * Cards in which Cyrus up to 3.6 sees no EMAIL, as each of theirs has a group before its name (`item1.EMAIL`): its
 * filters pass those over, against RFC 6352, section 10.5.1. They are looked through here.
 */
const WITHOUT_EMAIL: CardQuery = {
  test: 'anyof',
  filters: [{ name: 'EMAIL', match: 'missing' }],
  properties: ['VERSION', 'UID', 'EMAIL'],
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
  const groups = await search.query(GROUPS, ({ card, url: { href } }) => toGroupSummary(card, href));

  /** Contacts for the caller, after what a later change of them needs to know has been found out. */
  async function contactsIn(found: readonly SeenContact[]): Promise<readonly Contact[]> {
    await cards.learnVersions(found.map(({ state }) => state));
    return found.map(({ contact }) => contact);
  }

  async function readGroups(hrefs: readonly string[]): Promise<readonly Group[]> {
    const found = await search.read(
      hrefs.map((href) => new URL(href)),
      (one) => {
        const group = toGroup(one.card, one.url.href);
        return group && { state: stateOf(one), group };
      },
    );
    await cards.learnVersions(found.map(({ state }) => state));
    return found.map(({ group }) => group);
  }

  async function findByAddress(addresses: readonly string[]): Promise<readonly Contact[]> {
    if (addresses.length === 0) return [];
    const folded = new Set(addresses.map(foldAddress));
    const wanted = contactsThat((contact) => contact.addresses.some((address) => folded.has(foldAddress(address))));
    const [seen, overlooked] = await Promise.all([
      search.queryEach(
        [...new Set(addresses.flatMap(spellings))],
        (texts) => ({
          test: 'anyof',
          filters: [{ name: 'EMAIL', match: 'equals', texts }],
          properties: CONTACT_PROPERTIES,
        }),
        wanted,
      ),
      search.query(WITHOUT_EMAIL, wanted),
    ]);
    const whole = await search.read(
      overlooked.map(({ state }) => state.url),
      wanted,
    );
    return contactsIn([...seen, ...whole]);
  }

  async function findByName(names: readonly string[]): Promise<readonly Contact[]> {
    const folded = new Set(names.map(foldName));
    const forms = names.flatMap((name) => [name, name.normalize('NFC'), name.normalize('NFD')]);
    const found = await search.queryEach(
      [...new Set(forms.flatMap(spellings))],
      (texts) => ({ test: 'anyof', filters: [{ name: 'FN', match: 'equals', texts }], properties: CONTACT_PROPERTIES }),
      contactsThat(({ formattedName }) => formattedName !== null && folded.has(foldName(formattedName))),
    );
    return contactsIn(found);
  }

  async function findByNote(text: string): Promise<readonly Contact[]> {
    const found = await search.query(
      {
        test: 'anyof',
        filters: [{ name: 'NOTE', match: 'contains', texts: spellings(text) }],
        properties: CONTACT_PROPERTIES,
      },
      contactsThat(({ note }) => note.includes(text)),
    );
    return contactsIn(found);
  }

  async function readContacts(hrefs: readonly string[]): Promise<readonly Contact[]> {
    const urls = hrefs.map((href) => new URL(href));
    return contactsIn(
      await search.read(
        urls,
        contactsThat(() => true),
      ),
    );
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
    findByAddress,
    findByName,
    findByNote,
    readContacts,
    createContact,
    changeContact,
    deleteContact,
    changeGroup,
    createGroup,
  };
}

function contactsThat(wanted: (contact: Contact) => boolean): CardReader<SeenContact> {
  return (found) => {
    const contact = toContact(found.card, found.url.href);
    return contact !== null && wanted(contact) ? { state: stateOf(found), contact } : null;
  };
}

function foldName(name: string): string {
  return name.trim().normalize('NFC').toLowerCase();
}
