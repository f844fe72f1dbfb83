import { MailroomError } from '../../src/errors';
import type { AddressBook } from '../../src/ports';
import { foldAddress } from '../../src/triage/address';
import type { Contact, ContactEdit, Group, GroupChange, NewContact } from '../../src/triage/contact';
import { comparableName } from '../../src/triage/display-name';
import { aContact, distinct } from './builders';
import { type Journal, journalWith, signed, soon } from './journal';

export interface FakeAddressBookOptions {
  readonly contacts: readonly Contact[];
  readonly groups: readonly Group[];
  readonly journal?: Journal;
  /** Called between the reading of a card and its writing. What it changes makes the write read again (412). */
  readonly meanwhile?: (href: string) => void;
  /** Addresses that may end in no group. */
  readonly mayLeaveAll?: readonly string[];
}

/** An address book in memory, as {@link AddressBook} describes it. Throws at a write that leaves any other sender in no group. */
export class FakeAddressBook {
  readonly #journal: Journal;
  readonly #meanwhile: (href: string) => void;
  readonly #contacts: Map<string, Contact>;
  readonly #groups: Map<string, Group>;

  readonly #mayLeaveAll: readonly string[];

  constructor({
    contacts,
    groups,
    journal = journalWith(),
    meanwhile = () => {},
    mayLeaveAll = [],
  }: FakeAddressBookOptions) {
    this.#mayLeaveAll = mayLeaveAll;
    this.#journal = journal;
    this.#meanwhile = meanwhile;
    distinct([...contacts, ...groups], 'uid');
    this.#contacts = new Map(distinct(contacts, 'href').map((contact) => [contact.href, contact]));
    this.#groups = new Map(distinct(groups, 'href').map((group) => [group.href, group]));
  }

  get contacts(): readonly Contact[] {
    return [...this.#contacts.values()].sort((one, other) => (one.uid < other.uid ? -1 : 1));
  }

  get groups(): readonly Group[] {
    return [...this.#groups.values()];
  }

  /** Name of each group → UIDs of its members, sorted. */
  get members(): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries([...this.#groups.values()].map(({ name, members }) => [name, [...members].sort()]));
  }

  /** True when a contact with the address is in any group. */
  isInSomeGroup(address: string): boolean {
    const uids = this.contacts.filter(({ addresses }) => addresses.includes(address)).map(({ uid }) => uid);
    return [...this.#groups.values()].some(({ members }) => uids.some((uid) => members.includes(uid)));
  }

  /** As somebody else changes it. */
  put(card: Contact | Group): void {
    if ('members' in card) this.#groups.set(card.href, card);
    else this.#contacts.set(card.href, card);
  }

  delete(href: string): void {
    this.#contacts.delete(href);
    this.#groups.delete(href);
  }

  open(): AddressBook {
    const unused = (): never => {
      throw new Error('No cycle does this');
    };
    return {
      groups: [...this.#groups.values()].map(({ href, uid, name }) => ({ href, uid, name })),
      writable: true,
      readGroups: async (hrefs) => {
        await soon();
        return hrefs.flatMap((href) => this.#groups.get(href) ?? []);
      },
      findByAddress: async (addresses, atDomains = []) => {
        await soon();
        const wanted = new Set(addresses.map(foldAddress));
        return [...this.#contacts.values()].filter((contact) =>
          contact.addresses
            .map(foldAddress)
            .some((address) => wanted.has(address) || atDomains.some((end) => address.endsWith(end))),
        );
      },
      unreadable: () => [],
      listContacts: unused,
      findWithGroups: async (addresses) => {
        await soon();
        const wanted = new Set(addresses.map(foldAddress));
        return {
          contacts: [...this.#contacts.values()].filter((contact) =>
            contact.addresses.some((address) => wanted.has(foldAddress(address))),
          ),
          groups: [...this.#groups.values()],
        };
      },
      findSimilar: async ({ names, inAddresses }) => {
        await soon();
        const wanted = new Set(names.map(comparableName));
        return [...this.#contacts.values()].filter(
          ({ formattedName, addresses }) =>
            wanted.has(comparableName(formattedName ?? '')) ||
            addresses.some((address) => inAddresses.some((text) => foldAddress(address).includes(text))),
        );
      },
      findByNote: unused,
      readContacts: unused,
      createContact: (contact) => this.#create(contact),
      expectChanges: () => {},
      changeContact: (href, revise) => this.#changeContact(href, revise),
      deleteContact: (href, unless) => this.#deleteContact(href, unless),
      changeGroup: (href, change) => this.#changeGroup(href, change),
      createGroup: unused,
    };
  }

  async #create({ uid, email, formattedName, note }: NewContact): Promise<'created' | 'exists'> {
    await soon();
    return this.#journal.write(`create ${uid}`, () => {
      if ([...this.#contacts.values(), ...this.#groups.values()].some((card) => card.uid === uid)) return 'exists';
      this.put(aContact(uid, { formattedName, note, addresses: [email], pristine: true }));
      return 'created';
    });
  }

  async #changeContact(
    href: string,
    revise: (contact: Contact) => ContactEdit | undefined,
  ): Promise<'changed' | 'unchanged' | 'gone'> {
    for (;;) {
      await soon();
      const contact = this.#contacts.get(href);
      if (contact === undefined) return 'gone';
      const edit = revise(contact);
      if (edit === undefined) return 'unchanged';
      this.#meanwhile(href);
      if (this.#contacts.get(href) !== contact) continue;
      return this.#journal.write(`change ${contact.uid}`, () => {
        this.put(edited(contact, edit));
        return 'changed' as const;
      });
    }
  }

  async #deleteContact(href: string, unless: (contact: Contact) => boolean): Promise<'deleted' | 'kept' | 'gone'> {
    await soon();
    const contact = this.#contacts.get(href);
    if (contact === undefined) return 'gone';
    if (unless(contact)) return 'kept';
    return this.#journal.write(`delete ${contact.uid}`, () => {
      this.delete(href);
      return 'deleted';
    });
  }

  async #changeGroup(href: string, { join, leave }: GroupChange): Promise<'changed' | 'unchanged'> {
    for (;;) {
      await soon();
      const group = this.#groups.get(href);
      if (group === undefined) throw new MailroomError({ code: 'missing', message: `The group ${href} is gone` });
      const members = [...new Set([...group.members.filter((uid) => !leave.includes(uid)), ...join])];
      if (members.join() === group.members.join()) return 'unchanged';
      this.#meanwhile(href);
      if (this.#groups.get(href) !== group) continue;
      return this.#journal.write(`group ${group.name}:${signed('+', join)}${signed('-', leave)}`, () => {
        this.put({ ...group, members, writtenMembers: members });
        for (const uid of leave) this.#assertSenderInSomeGroup(uid);
        return 'changed' as const;
      });
    }
  }

  #assertSenderInSomeGroup(uid: string): void {
    const addresses = this.contacts.filter((contact) => contact.uid === uid).flatMap((contact) => contact.addresses);
    for (const address of addresses.filter((one) => !this.#mayLeaveAll.includes(one))) {
      if (!this.isInSomeGroup(address)) throw new Error(`The sender ${address} is in no group`);
    }
  }
}

function edited(contact: Contact, { addNoteLine, dropNoteLines = [], formattedName }: ContactEdit): Contact {
  const kept = contact.note.split('\n').filter((line) => !dropNoteLines.includes(line));
  const note = [kept.join('\n'), addNoteLine].filter((part) => part !== undefined && part !== '').join('\n');
  return { ...contact, note, formattedName: formattedName === undefined ? contact.formattedName : formattedName };
}
