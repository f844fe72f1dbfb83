import type { MailServer } from './account';
import { screenedAccount, type TestAccount } from './test-account';

/** One sender, and how things stand when the cycle begins. */
export interface Story {
  /** What this sender is an example of. */
  readonly title: string;
  /** The address that Mailroom goes by. */
  readonly address: string;
  readonly messages: readonly {
    readonly subject: string;
    readonly mailboxes: readonly string[];
    /** The From header where it is not the story's own. */
    readonly from?: string;
  }[];
  readonly from: string;
  /** UID, FN and further lines of the contact that is there already. */
  readonly contact?: { readonly uid: string; readonly name: string; readonly lines?: readonly string[] };
  /** The contact group that it is in already. */
  readonly group?: string;
}

/** A pixel, as address books keep photos. */
const PHOTO = 'PHOTO;ENCODING=b;TYPE=GIF:R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';

/** An account in the middle of its life: every verdict once, and everything that may go wrong with one. */
export const LIVED_IN: readonly Story[] = [
  {
    title: 'A new sender, one label on one message',
    address: 'hello@garden-weekly.example',
    from: 'Garden Weekly <hello@garden-weekly.example>',
    messages: [
      { subject: 'Spring bulbs are in', mailboxes: ['Screener', '@ToFeed'] },
      { subject: 'Soup from your beds', mailboxes: ['Screener', 'Recipes'] },
      { subject: 'Welcome to Garden Weekly', mailboxes: ['Archive'] },
    ],
  },
  {
    title: 'A new sender who is a person',
    address: 'maya@lindqvist.example',
    from: 'Maya Lindqvist <maya@lindqvist.example>',
    messages: [
      { subject: 'Lunch on Friday?', mailboxes: ['Screener', '@ToPerson'] },
      { subject: 'It was good to meet you', mailboxes: ['Screener'] },
    ],
  },
  {
    title: 'A re-triage: from Feed to Jail, the backlog too',
    address: 'deals@city-news.example',
    from: 'City News <deals@city-news.example>',
    contact: { uid: '5b0f7c7e-2a54-4f3a-8c61-0d6a3f1f9b01', name: 'City News', lines: ['ORG:City News'] },
    group: 'Feed',
    messages: [
      { subject: 'Last chance, really', mailboxes: ['Feed', '@ToJail'] },
      { subject: 'Last chance', mailboxes: ['Feed'] },
    ],
  },
  {
    title: "The user's own contact, adopted: the card keeps every line",
    address: 'nora@beck.example',
    from: 'Nora Beck <nora@beck.example>',
    contact: {
      uid: 'a81c3a5e-7d0b-4a38-9b0c-6f2b8f7a1c02',
      name: 'Nora Beck',
      lines: [PHOTO, 'item1.TEL:+1 555 0100', 'item1.X-ABLabel:Studio', 'NOTE:Plays the cello.'],
    },
    messages: [{ subject: 'Concert tickets', mailboxes: ['Screener', '@ToImbox'] }],
  },
  {
    title: 'A name that is not the contact’s: filed, with a warning',
    address: 'o.grant@trading.example',
    from: 'Your Bank <o.grant@trading.example>',
    contact: { uid: 'c0de7c7e-2a54-4f3a-8c61-0d6a3f1f9b03', name: 'Oliver Grant' },
    messages: [{ subject: 'Your statement', mailboxes: ['Screener', '@ToPaperTrail'] }],
  },
  {
    title: 'Two labels that disagree: nothing moves, the user decides',
    address: 'club@readers.example',
    from: 'Book Club <club@readers.example>',
    messages: [
      { subject: 'The June book', mailboxes: ['Screener', '@ToFeed'] },
      { subject: 'The July book', mailboxes: ['Screener', '@ToImbox'] },
    ],
  },
  {
    title: 'A look-alike: only the exact address is triaged',
    address: 'ann@shop.example',
    from: 'Shop <ann@shop.example>',
    messages: [
      { subject: 'Your receipt', mailboxes: ['Screener', '@ToPaperTrail'] },
      { subject: 'I am somebody else', mailboxes: ['Screener'], from: 'Shop <joann@shop.example>' },
    ],
  },
];

/** Makes the account of {@link LIVED_IN} on a server. */
export async function livedInAccount(server: MailServer, name?: string): Promise<TestAccount> {
  const account = await screenedAccount(server, name);
  await account.makeMailboxes(['Archive', 'Recipes']);
  const messages = LIVED_IN.flatMap(({ from, messages: own }) => own.map((message) => ({ from, ...message })));
  // One after the other, so that they come in the same order wherever they are listed.
  for (const [index, message] of messages.entries()) {
    await account.addMessage({ ...message, receivedAt: `2026-01-15T09:${String(index).padStart(2, '0')}:00Z` });
  }
  for (const story of LIVED_IN) await addContact(account, story);
  return account;
}

async function addContact(account: TestAccount, { address, contact, group }: Story): Promise<void> {
  if (contact === undefined) return;
  const { uid, name, lines = [] } = contact;
  const card = [
    'BEGIN:VCARD',
    'VERSION:3.0',
    `UID:${uid}`,
    `FN:${name}`,
    'N:;;;;',
    `EMAIL:${address}`,
    ...lines,
    'END:VCARD',
    '',
  ];
  await account.putCard(card.join('\r\n'));
  if (group !== undefined) await account.addMember(group, uid);
}
