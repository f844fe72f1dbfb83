export interface EmailAddress {
  /** Display name, decoded; null where the header has none. */
  readonly name: string | null;
  readonly email: string;
}

/** What Mailroom reads of a message (RFC 8621, section 4.1). */
export interface Message {
  readonly id: string;
  /** Every mailbox that holds the message. Never empty. */
  readonly mailboxIds: readonly string[];
  /** The `From` addresses; null where the header is missing or makes no sense. */
  readonly from: readonly EmailAddress[] | null;
  /** UTCDate, RFC 8620 section 1.4. */
  readonly receivedAt: string;
  /** The addresses in `To` and `Cc`, folded. Read only where verdicts on mailing lists may rule the message. */
  readonly recipients?: readonly string[];
  /** The URIs of `List-Post` (RFC 2369, section 3.4), in their order. Read as the recipients are. */
  readonly listPost?: readonly string[];
}

/** A message as a list of mail shows it. */
export interface ListedMessage extends Message {
  /** Decoded; '' without one. */
  readonly subject: string;
  /** True for mail of a mailing list: it has a `List-Id` (RFC 2919) or a `List-Unsubscribe` (RFC 2369). */
  readonly list: boolean;
}

/** A patch of one message's `mailboxIds` and `keywords` (RFC 8621, section 4.6). What it does not name stays. */
export interface MessageChange {
  readonly id: string;
  readonly add: readonly string[];
  readonly remove: readonly string[];
  /**
   * Of the mailboxes that the message was read in, those that it is to be filed from: it is left alone when it is in none of
   * them any more.
   */
  readonly whileIn: readonly string[];
  /** Keyword → whether the message is to have it. */
  readonly keywords?: Readonly<Record<string, boolean>>;
}
