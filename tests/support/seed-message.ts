/** A message to seed. */
export interface SeedMessage {
  readonly subject?: string;
  /** The value of the From header as it goes over the wire (encoded words and all); null for a message without one. */
  readonly from?: string | null;
  /** Paths such as `Screener` or `Projects/Feed`. */
  readonly mailboxes: readonly string[];
  /** UTCDate. */
  readonly receivedAt?: string;
  readonly keywords?: readonly string[];
  /** Further header fields, as they go over the wire. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Older than every test's own clock, so that nothing depends on today. */
const RECEIVED_AT = '2026-01-15T09:00:00Z';

let seeded = 0;

/**
 * The message with what it leaves out. The Message-ID is new each time: a server may take two equal messages for one, and
 * its id by IMAP is made of its bytes.
 */
function whole({ subject = 'No subject', from = 'Ann <ann@sender.example>', ...message }: SeedMessage) {
  return {
    ...message,
    subject,
    receivedAt: message.receivedAt ?? RECEIVED_AT,
    keywords: message.keywords ?? [],
    fields: { ...(from === null ? {} : { From: from }), ...message.headers },
    messageId: `${++seeded}.${process.pid}@seed.example`,
    text: 'Hello.',
  };
}

/** Arguments of Email/set (RFC 8621, section 4.6). */
export function newEmail(message: SeedMessage, idAt: (path: string) => string): object {
  const { mailboxes, keywords, receivedAt, subject, fields, messageId, text } = whole(message);
  return {
    mailboxIds: membership(mailboxes.map(idAt)),
    keywords: Object.fromEntries(keywords.map((keyword) => [keyword, true])),
    receivedAt,
    subject,
    ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [`header:${name}:asRaw`, ` ${value}`])),
    messageId: [messageId],
    bodyStructure: { partId: '1', type: 'text/plain' },
    bodyValues: { 1: { value: text } },
  };
}

/** The same as bytes. */
export function rawMessage(message: SeedMessage) {
  const { keywords, receivedAt, subject, fields, messageId, text } = whole(message);
  const all = { ...fields, Subject: subject, 'Message-ID': `<${messageId}>`, Date: new Date(receivedAt).toUTCString() };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return { raw: Buffer.from([...lines, '', text].join('\r\n')), receivedAt, keywords };
}

/** The value of `mailboxIds`. */
export function membership(ids: readonly string[]): Readonly<Record<string, true>> {
  return Object.fromEntries(ids.map((id) => [id, true]));
}
