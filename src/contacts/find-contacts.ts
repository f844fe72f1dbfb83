import type { AddressBook, ListedContact, Similarity } from '../ports';
import { foldAddress } from '../triage/address';
import type { SimilarContact } from '../triage/caution';
import type { Contact } from '../triage/contact';
import { comparableName } from '../triage/display-name';
import { uidOf } from './card';
import { type CardReader, type CardSearch, nameOf } from './card-search';
import { toContact } from './contact-card';
import { toGroup } from './group-card';
import { type CardQuery, spellings } from './queries';
import { type CardState, type StoredCards, stateOf } from './stored-cards';
import type { UnreadableCards } from './unreadable-cards';

interface SeenContact {
  readonly state: CardState;
  readonly contact: Contact;
}

const CONTACT_PROPERTIES = [
  'VERSION',
  'UID',
  'FN',
  'N',
  'KIND',
  'X-ADDRESSBOOKSERVER-KIND',
  'ORG',
  'EMAIL',
  'NOTE',
  'X-MAILROOM-DIGEST',
];

/** What a look at a contact needs that may be taken for another one. */
const SIMILAR_PROPERTIES = ['VERSION', 'UID', 'FN', 'N', 'KIND', 'X-ADDRESSBOOKSERVER-KIND', 'EMAIL'];

/**
 * Cards in which Cyrus up to 3.6 sees no EMAIL, as each of theirs has a group before its name (`item1.EMAIL`): its
 * filters pass those over, against RFC 6352, section 10.5.1. They are looked through here.
 */
const WITHOUT_EMAIL: CardQuery = {
  test: 'anyof',
  filters: [{ name: 'EMAIL', match: 'missing' }],
  properties: ['VERSION', 'UID', 'EMAIL'],
};

/** The same cards with what a look at them needs, and the groups: no group has an EMAIL. */
const WITH_GROUPS: CardQuery = {
  ...WITHOUT_EMAIL,
  properties: [...CONTACT_PROPERTIES, 'MEMBER', 'X-ADDRESSBOOKSERVER-MEMBER'],
};

/** Every card. */
const ALL: CardQuery = {
  test: 'anyof',
  filters: [
    { name: 'UID', match: 'defined' },
    { name: 'UID', match: 'missing' },
  ],
  properties: ['VERSION', 'UID', 'EMAIL', 'KIND', 'X-ADDRESSBOOKSERVER-KIND'],
};

export type ContactFinder = Pick<
  AddressBook,
  'findByAddress' | 'findWithGroups' | 'findSimilar' | 'findByNote' | 'readContacts' | 'listContacts'
>;

/** Finds contacts by the server's search, whose answers are compared exactly here. */
export function createContactFinder(
  search: CardSearch,
  cards: StoredCards,
  unreadable: UnreadableCards,
): ContactFinder {
  /**
   * Contacts for the caller, after what a later change of them needs to know has been found out. Cyrus 3.10 shows a card
   * that it keeps as vCard 4.0 as 3.0, without the `urn:uuid:` of its UID.
   */
  async function contactsIn(found: readonly SeenContact[]): Promise<readonly Contact[]> {
    await cards.learnVersions(found.map(({ state }) => state));
    const converted = found.filter(({ state }) => cards.isConverted(state.url)).map(({ state }) => state.url);
    const kept = await search.read(
      converted,
      ({ card, url }) => [url.href, uidOf(card)] as const,
      unreadable.lookingFor(),
      {
        properties: ['VERSION', 'UID'],
        version: '4.0',
      },
    );
    const uids = new Map(kept);
    return found.map(({ contact }) => ({ ...contact, writtenUid: uids.get(contact.href) ?? contact.writtenUid }));
  }

  async function findByAddress(
    addresses: readonly string[],
    atDomains: readonly string[] = [],
  ): Promise<readonly Contact[]> {
    if (addresses.length + atDomains.length === 0) return [];
    const folded = new Set(addresses.map(foldAddress));
    const ends = new Set(atDomains);
    const isWanted = (address: string) => folded.has(address) || ends.has(address.slice(address.lastIndexOf('@')));
    const wanted = contactsThat((contact) => contact.addresses.map(foldAddress).some(isWanted));
    const onUnreadable = unreadable.lookingFor([...folded, ...ends]);
    const texts = [...new Set(addresses.flatMap(spellings))];
    const [seen, overlooked, ...ofDomains] = await Promise.all([
      search.queryEach(texts, cardsAround, wanted, onUnreadable),
      search.query(WITHOUT_EMAIL, wanted, onUnreadable),
      // A domain may have any number of contacts: these answers are read whatever their length.
      ...atDomains.map((end) => search.query(cardsAround(spellings(end)), wanted, onUnreadable)),
    ]);
    // A part of very many addresses, or of a card that cannot be shown: that address alone, then.
    const exact = await search.queryEach(seen.unanswered, cardsWith, wanted, onUnreadable);
    for (const text of exact.unanswered) {
      const owners = addresses.filter((address) => spellings(address).includes(text)).map(foldAddress);
      const urls = await search.urls(cardsWith([text]));
      for (const { href } of urls) unreadable.add(href, 'is not shown, or is too large', owners);
    }
    // Whose these are is known. One that does not come whole is there all the same: its owner is to get no second one.
    const ownersOf = new Map(overlooked.map(({ state, contact }) => [nameOf(state.url), contact.addresses]));
    const whole = await search.read(
      overlooked.map(({ state }) => state.url),
      wanted,
      ({ url, reason }) => unreadable.add(url.href, reason, ownersOf.get(nameOf(url))?.map(foldAddress)),
    );
    const all = [...seen.values, ...exact.values, ...ofDomains.flat(), ...whole];
    const byHref = new Map(all.map((one) => [one.contact.href, one]));
    return contactsIn([...byHref.values()]);
  }

  async function findWithGroups(addresses: readonly string[]) {
    const folded = new Set(addresses.map(foldAddress));
    const wanted = contactsThat((contact) => contact.addresses.some((address) => folded.has(foldAddress(address))));
    const onUnreadable = unreadable.lookingFor([...folded]);
    const [seen, others] = await Promise.all([
      search.queryEach([...new Set(addresses.flatMap(spellings))], cardsAround, wanted, onUnreadable),
      search.query(
        WITH_GROUPS,
        (found) => ({ contact: wanted(found)?.contact, group: toGroup(found.card, found.url.href) }),
        onUnreadable,
      ),
    ]);
    const contacts = [...seen.values.map(({ contact }) => contact), ...others.flatMap(({ contact }) => contact ?? [])];
    return {
      contacts: [...new Map(contacts.map((contact) => [contact.href, contact])).values()],
      groups: others.flatMap(({ group }) => group ?? []),
    };
  }

  async function findSimilar({ names, inAddresses }: Similarity): Promise<readonly SimilarContact[]> {
    const compared = new Set(names.map(comparableName));
    const parts = [...new Set(inAddresses.map(foldAddress))];
    const forms = names.flatMap((name) => [name, name.normalize('NFC'), name.normalize('NFD')]);
    const { values } = await search.queryEach(
      [
        ...[...new Set(forms.flatMap(spellings))].map(
          (text) => ({ name: 'FN', match: 'equals', texts: [text] }) as const,
        ),
        ...[...new Set(parts.flatMap(spellings))].map(
          (text) => ({ name: 'EMAIL', match: 'contains', texts: [text] }) as const,
        ),
      ],
      (filters) => ({ test: 'anyof', filters, properties: SIMILAR_PROPERTIES }),
      ({ card, url }) => {
        const contact = toContact(card, url.href);
        if (contact === null) return null;
        const { uid, formattedName, addresses } = contact;
        const isNamesake = formattedName !== null && compared.has(comparableName(formattedName));
        const isNear = addresses.map(foldAddress).some((address) => parts.some((part) => address.includes(part)));
        return isNamesake || isNear ? { uid, formattedName, addresses } : null;
      },
      unreadable.lookingFor(),
    );
    return values;
  }

  async function findByNote(text: string): Promise<readonly Contact[]> {
    const found = await search.query(
      {
        test: 'anyof',
        filters: [{ name: 'NOTE', match: 'contains', texts: spellings(text) }],
        properties: CONTACT_PROPERTIES,
      },
      contactsThat(({ note }) => note.includes(text)),
      unreadable.lookingFor(),
    );
    return contactsIn(found);
  }

  async function readContacts(hrefs: readonly string[]): Promise<readonly Contact[]> {
    const urls = hrefs.map((href) => new URL(href));
    const every = contactsThat(() => true);
    return contactsIn(await search.read(urls, every, unreadable.lookingFor()));
  }

  function listContacts(): Promise<readonly ListedContact[]> {
    return search.query(
      ALL,
      ({ card, url }) => {
        const contact = toContact(card, url.href);
        if (contact === null) return null;
        const { href, uid, writtenUid, addresses } = contact;
        return { href, uid, writtenUid, addresses };
      },
      unreadable.lookingFor(),
    );
  }

  return { findByAddress, findWithGroups, findSimilar, findByNote, readContacts, listContacts };
}

/** Space, `mailto:` or a name may stand around the address. */
function cardsAround(texts: readonly string[]): CardQuery {
  return { test: 'anyof', filters: [{ name: 'EMAIL', match: 'contains', texts }], properties: CONTACT_PROPERTIES };
}

function cardsWith(texts: readonly string[]): CardQuery {
  return { test: 'anyof', filters: [{ name: 'EMAIL', match: 'equals', texts }], properties: CONTACT_PROPERTIES };
}

function contactsThat(wanted: (contact: Contact) => boolean): CardReader<SeenContact> {
  return (found) => {
    const contact = toContact(found.card, found.url.href);
    return contact !== null && wanted(contact) ? { state: stateOf(found), contact } : null;
  };
}
