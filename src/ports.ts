import type { SimilarContact } from './triage/caution';
import type { Contact, ContactEdit, Group, GroupChange, GroupSummary, NewContact } from './triage/contact';
import type { ListedMessage, Message, MessageChange } from './triage/message';

/** A mailbox as JMAP describes it (RFC 8621, section 2). */
export interface Mailbox {
  readonly id: string;
  readonly name: string;
  readonly parentId: string | null;
  /** Lower case, such as `inbox`; null without one. */
  readonly role: string | null;
  readonly totalEmails: number;
  readonly isSubscribed: boolean;
}

/** Messages wanted: all conditions hold together. */
export interface MessageQuery {
  /** Ids: the message is in at least one of these. Without them it may be anywhere. */
  readonly inMailboxes?: readonly string[];
  /** UTCDate: received then or later. */
  readonly since?: string;
  /** Addresses, or `@` and a domain: the server's search may lag behind, and may match more than that. */
  readonly from?: readonly string[];
  /** Addresses in `To` or `Cc`, without `from`. The same holds. */
  readonly to?: readonly string[];
}

/** What is read of messages only where it is needed. `lists`: recipients and List-Post. */
export type MessageExtra = 'lists';

/**
 * How one update ended. `gone`: the message is not there any more. `moved`: the user has put it elsewhere since it was read,
 * and it stays there. `refused`: the server would refuse it again. `failed`: a retry may mend it.
 */
export type UpdateOutcome =
  | { readonly kind: 'updated' | 'gone' | 'moved' }
  | { readonly kind: 'refused' | 'failed'; readonly reason: string };

/** A message that Mailroom itself has put into the account. */
export interface OwnMessage {
  readonly id: string;
  /** UTCDate. */
  readonly receivedAt: string;
  /** The value of the header that it was found by. */
  readonly header: string;
}

/** A message to be put into the account, unread. It is not sent. */
export interface NewMessage {
  readonly mailboxId: string;
  /** Who it is from and to. */
  readonly address: string;
  readonly subject: string;
  /** The header that it is found again by. */
  readonly header: { readonly name: string; readonly value: string };
  readonly text: string;
  readonly html: string;
}

/** The user's mail, by JMAP. Methods throw {@link MailroomError} when a whole request fails. */
export interface Mail {
  /** All mailboxes, as they were at start-up. */
  readonly mailboxes: readonly Mailbox[];
  /** False where the account may be read only. */
  readonly writable: boolean;
  /** What the server calls the user: an address, as a rule. */
  readonly username: string;
  /** Every message that fits one of the queries, page by page, oldest first within a query. One that fits several queries may come more than once. */
  messages(queries: readonly MessageQuery[], extras?: readonly MessageExtra[]): AsyncIterable<readonly Message[]>;
  /** The same with what a list of mail shows of each message. */
  listedMessages(
    queries: readonly MessageQuery[],
    extras?: readonly MessageExtra[],
  ): AsyncIterable<readonly ListedMessage[]>;
  /** The user's own addresses, as far as the server tells them. */
  ownAddresses(): Promise<readonly string[]>;
  /** Message id → the values of its `Authentication-Results` headers, the topmost first, as far as the server tells them. */
  authenticationResults(ids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /**
   * Applies the changes, in chunks that the server allows, as far as they hold for the messages as they are then
   * ({@link revise} in `triage/revision`). Outcomes by message id; one for each change.
   */
  update(changes: readonly MessageChange[]): Promise<ReadonlyMap<string, UpdateOutcome>>;
  /** Makes top-level, subscribed mailboxes of these names. Throws `refused` with the names that were not made. */
  createMailboxes(names: readonly string[]): Promise<void>;
  /**
   * Messages that have the header and were put into the account by its own user: what was delivered is none of them,
   * whatever its headers say. Newest first. In the mailbox also those that the server's search does not know yet.
   */
  ownMessages(header: string, mailboxId: string | null): Promise<readonly OwnMessage[]>;
  /** Throws `refused` where the server does not take it. After a lost answer it may be there all the same. */
  createMessage(message: NewMessage): Promise<void>;
  /** Destroys messages for good; those that are gone already are none of its business. Throws `refused`. */
  destroyMessages(ids: readonly string[]): Promise<void>;
}

/** A card that cannot be read, and that is set aside. */
export interface UnreadableCard {
  readonly href: string;
  /** What is wrong with it: `is no whole vCard`. */
  readonly reason: string;
  /** Those of the addresses that were looked for, folded, that may be its own: they stand in its text, or find it. */
  readonly mayBelongTo: readonly string[];
}

/** What contacts are to have in common with somebody. */
export interface Similarity {
  readonly names: readonly string[];
  readonly inAddresses: readonly string[];
}

/** What a list of contacts shows of each. A server may show a card's UID otherwise than it keeps it. */
export type ListedContact = Pick<Contact, 'href' | 'uid' | 'writtenUid' | 'addresses'>;

/** The user's default address book, by CardDAV. Methods throw {@link MailroomError}: `transient`, `refused`, `protocol` or `credentials`. */
export interface AddressBook {
  /** Every group, as it was at start-up. */
  readonly groups: readonly GroupSummary[];
  readonly writable: boolean;
  /** The groups in full, in the order of the hrefs; a group that is gone is left out. */
  readGroups(hrefs: readonly string[]): Promise<readonly Group[]>;
  /** Every card that was met so far and could not be read. No search throws for its sake. */
  unreadable(): readonly UnreadableCard[];
  /** A look at every card of the book. {@link AddressBook.unreadable} then has all that cannot be read. */
  listContacts(): Promise<readonly ListedContact[]>;
  /**
   * Contacts (no groups) that have at least one of the addresses, compared exactly but for case; many addresses in few
   * requests. `atDomains`: `@` and a domain, folded: also those with any address that ends so, one request for each. Whose
   * contact may be unreadable, {@link AddressBook.unreadable} says afterwards.
   */
  findByAddress(addresses: readonly string[], atDomains?: readonly string[]): Promise<readonly Contact[]>;
  /**
   * The same contacts as {@link findByAddress}, and all groups with their members, in two requests for up to 50
   * addresses: for looking at alone, since a later change of what is found costs a request more.
   */
  findWithGroups(
    addresses: readonly string[],
  ): Promise<{ readonly contacts: readonly Contact[]; readonly groups: readonly Group[] }>;
  /**
   * Contacts whose FN is one of the names, compared as {@link comparableName} has them, or that have an address in which one
   * of the texts is, compared without case; many of them in few requests. For looking at alone, as no more of a contact is read.
   */
  findSimilar(wanted: Similarity): Promise<readonly SimilarContact[]>;
  /** Contacts whose NOTE holds the text. */
  findByNote(text: string): Promise<readonly Contact[]>;
  /**
   * The contacts, from their whole cards; one that is gone is left out. A search reads no more of a card than it needs,
   * so that a contact of Mailroom's that it finds may seem `pristine` in spite of what was added.
   */
  readContacts(hrefs: readonly string[]): Promise<readonly Contact[]>;
  /** Makes the card, or says that its resource or UID exists already (`If-None-Match: *`). */
  createContact(contact: NewContact): Promise<'created' | 'exists'>;
  /** Says which contacts are about to be changed, in this order: their cards may be read together, some time before. */
  expectChanges(hrefs: readonly string[]): void;
  /**
   * Reads the card, asks `revise` what to change, and writes it with `If-Match`; after 412 all of it again.
   * `revise` is a pure function of the card as it is now; undefined means that there is nothing to change.
   */
  changeContact(
    href: string,
    revise: (contact: Contact) => ContactEdit | undefined,
  ): Promise<'changed' | 'unchanged' | 'gone'>;
  /** Deletes the card if `unless` is false of it as it is now (`If-Match`). */
  deleteContact(href: string, unless: (contact: Contact) => boolean): Promise<'deleted' | 'kept' | 'gone'>;
  /** Makes all of the change in one write with `If-Match`; after 412 reads the group again and makes it anew. Throws `missing` if the group is gone. */
  changeGroup(href: string, change: GroupChange): Promise<'changed' | 'unchanged'>;
  /** Makes an empty group. */
  createGroup(name: string): Promise<void>;
}
