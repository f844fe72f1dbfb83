export type ContactType = 'company' | 'person';

/** A verdict that the user can give a sender. Names of mailboxes and groups, not ids. */
export interface Category {
  readonly name: string;
  /** The triage label: the mailbox whose messages ask for this verdict. */
  readonly label: string;
  /** The contact group that senders with this verdict join. */
  readonly group: string;
  /** The contact group of whole domains with this verdict. Not needed while such verdicts are off. */
  readonly domainGroup: string;
  /** The contact group of mailing lists with this verdict. Not needed while such verdicts are off. */
  readonly listGroup: string;
  /** The destination mailbox. */
  readonly mailbox: string;
  readonly contactType: ContactType;
  /** Name of the category whose groups and mailboxes are added to this one's. */
  readonly parent?: string | undefined;
  /** Messages filed out of the Screener also go to the Inbox. */
  readonly addToInbox: boolean;
}
