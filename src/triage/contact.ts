/** What Mailroom reads of a card that is no group. */
export interface Contact {
  /** Resource of the card in the address book (RFC 6352): absolute URL. */
  readonly href: string;
  /** UID in the form in which it is compared: without any `urn:uuid:` prefix; UUIDs in lower case. */
  readonly uid: string;
  /** UID as the card has it: what groups name it by for the server's rules. */
  readonly writtenUid: string;
  /** FN; '' where it is empty, null where the card has none. */
  readonly formattedName: string | null;
  /** Text of all NOTE properties, unescaped, one after the other on lines of their own; '' without any. */
  readonly note: string;
  /** The addresses in all EMAIL properties, as written but for what is around them. */
  readonly addresses: readonly string[];
  /**
   * True for a card that Mailroom made and that nobody else has changed since; its note is the reader's to judge.
   * Searches do not see every property: only what `changeContact` and `deleteContact` show is certain.
   */
  readonly pristine: boolean;
}

/** A contact that Mailroom makes (vCard 3.0, RFC 2426). */
export interface NewContact {
  readonly uid: string;
  readonly email: string;
  readonly formattedName: string;
  readonly note: string;
  /** A person's name in its two parts; a company has none, and its ORG is the formatted name. */
  readonly personName: { readonly family: string; readonly given: string } | null;
}

/** A change to somebody's card: every content line that it does not name stays as it is. */
export interface ContactEdit {
  /** A line to add at the end of NOTE, after whatever the user wrote. */
  readonly addNoteLine?: string | undefined;
  /** Lines to take out of NOTE. A NOTE that has nothing else goes altogether. */
  readonly dropNoteLines?: readonly string[] | undefined;
  /** The new FN; null takes the property out. */
  readonly formattedName?: string | null | undefined;
}

/** A group as the address book lists it. */
export interface GroupSummary {
  readonly href: string;
  /** As the card has it: the server's rules name the group by it. */
  readonly uid: string;
  readonly name: string;
}

export interface Group extends GroupSummary {
  /** UIDs of the members, in the form of {@link Contact.uid}. */
  readonly members: readonly string[];
  /**
   * UIDs as the group has them behind `urn:uuid:`. The server's rules find a member whose {@link Contact.writtenUid} is
   * among them, and no other one (`docs/design.md`).
   */
  readonly writtenMembers: readonly string[];
}

/** All changes to one group. */
export interface GroupChange {
  /** UIDs in the form of {@link Contact.writtenUid}. Each is written exactly so, in the place of any other spelling of it. */
  readonly join: readonly string[];
  /** UIDs in any form. */
  readonly leave: readonly string[];
}
