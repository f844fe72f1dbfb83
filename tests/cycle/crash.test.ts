import { isTransient, MailroomError } from '../../src/errors';
import type { Category } from '../../src/triage/category';
import { aCategory, aContact, aMessage, INBOX, ownUidOf, SCREENER } from '../support/builders';
import {
  type AccountSpec,
  anAccount,
  contentOf,
  cycleOn,
  type FakeAccount,
  rulesOf,
  settingsWith,
  sightOf,
} from '../support/fake-cycle';
import { brokenByTriage } from '../support/invariants/promises';
import { Crash, crashBefore, type Trouble } from '../support/journal';

/** Chains, a shared group, and a category that adds to an Inbox which is another one's destination. */
const CATEGORIES: readonly Category[] = [
  aCategory('Imbox', { mailbox: INBOX }),
  aCategory('Feed', { addToInbox: true }),
  aCategory('News', { parent: 'Feed' }),
  aCategory('Jail'),
  aCategory('Person', { parent: 'Imbox', group: 'Imbox', mailbox: INBOX, contactType: 'person' }),
];

/** A new sender, an adopted one, a re-triage down a chain, a swap, two contacts with one address, a name that differs. */
const SPEC: AccountSpec = {
  settings: settingsWith(CATEGORIES),
  messages: [
    aMessage('new 1', 'New <new@example.com>', [SCREENER, '@ToFeed']),
    aMessage('new 2', 'new@example.com', ['@ToFeed', 'My label']),
    aMessage('new 3', 'NEW@example.com', [SCREENER]),
    aMessage('adopted 1', 'Ann Doe <ann@example.com>', ['@ToPerson']),
    aMessage('adopted 2', 'ann@example.com', [SCREENER, 'My label']),
    aMessage('down 1', 'down@example.com', ['Feed', '@ToNews']),
    aMessage('down 2', 'down@example.com', ['Feed', INBOX]),
    aMessage('swap a', 'a@example.com', ['@ToJail']),
    aMessage('swap a 2', 'a@example.com', ['Feed']),
    aMessage('swap b', 'b@example.com', ['@ToFeed', SCREENER]),
    aMessage('swap b 2', 'b@example.com', ['Jail']),
    aMessage('twice 1', 'twice@example.com', ['@ToImbox', SCREENER]),
    aMessage('differs', 'Bank <differs@example.com>', ['@ToFeed', SCREENER]),
    aMessage('conflict', 'conflict@example.com', ['@ToFeed', '@ToJail', SCREENER]),
    aMessage('nobody', null, ['@ToFeed']),
    aMessage('other', 'other@example.com', [SCREENER]),
  ],
  contacts: [
    aContact('ann', { addresses: ['ann@example.com'], formattedName: null, note: 'Met at the fair' }),
    aContact('down', { addresses: ['down@example.com'], note: 'Mailroom 2026-01-01: Feed <down@example.com>' }),
    aContact('a', { addresses: ['a@example.com'] }),
    aContact('b', { addresses: ['b@example.com'] }),
    aContact('twice-1', { addresses: ['twice@example.com'] }),
    aContact('twice-2', { addresses: ['twice@example.com'] }),
    aContact('differs', { addresses: ['differs@example.com'], formattedName: 'Somebody' }),
    aContact('bystander', { addresses: ['other@example.com'] }),
  ],
  members: {
    Feed: ['down', 'a', 'bystander'],
    Jail: ['b', 'twice-1', 'twice-2', 'x'],
    Imbox: ['y'],
  },
};

async function undisturbed(chunkSize: number) {
  const account = anAccount({ ...SPEC, mail: { chunkSize } });
  await cycleOn(account);
  return { content: contentOf(account), writes: account.journal.writes.length };
}

/** The same account as it is, on servers without trouble. */
function recovered({ settings, mail, book }: FakeAccount): FakeAccount {
  const groups = book.open().groups;
  const account = anAccount({
    ...SPEC,
    settings,
    messages: SPEC.messages.map((message) => ({ ...message, mailboxIds: mail.places[message.id] ?? [] })),
    contacts: book.contacts,
    members: book.members,
  });
  expect(account.book.open().groups).toEqual(groups);
  return account;
}

/** What becomes of the account when each of its writes in turn is in trouble, and a second cycle runs without. */
async function withTroubleAtEach(troubleAt: (number: number) => Trouble, chunkSize: number): Promise<number> {
  const { content, writes } = await undisturbed(chunkSize);
  for (let number = 1; number <= writes; number++) {
    const account = anAccount({ ...SPEC, mail: { chunkSize }, trouble: troubleAt(number) });
    await cycleOn(account).catch((error) => {
      if (!(error instanceof Crash || isTransient(error))) throw error;
    });
    const before = sightOf(anAccount(SPEC));
    expect({ number, broken: brokenByTriage(before, sightOf(account), rulesOf(account)) }).toEqual({
      number,
      broken: [],
    });
    const again = recovered(account);
    await cycleOn(again);
    expect({ number, broken: brokenByTriage(before, sightOf(again), rulesOf(again)) }).toEqual({ number, broken: [] });
    expect({ number, ...contentOf(again) }).toEqual({ number, ...content });
    await expect(cycleOn(again)).resolves.toMatchObject({ report: { triaged: 0, filed: 0, conflicts: 0 } });
  }
  return writes;
}

describe('an account of every kind of sender', () => {
  it('is right after one cycle', async () => {
    const { content } = await undisturbed(100);
    expect(content.places).toMatchObject({
      'new 1': ['Feed', INBOX],
      'new 2': ['Feed', 'My label'],
      'new 3': ['Feed', INBOX],
      'adopted 2': [INBOX, 'My label'],
      'down 1': ['Feed', 'News'],
      'down 2': ['Feed', 'News'],
      'swap a 2': ['Jail'],
      'swap b 2': ['Feed'],
      differs: ['@MailroomWarning', 'Feed', INBOX],
      conflict: ['@MailroomError', '@ToFeed', '@ToJail', SCREENER],
      nobody: ['@MailroomError', '@ToFeed'],
      other: [SCREENER],
    });
    expect(content.members).toEqual({
      Imbox: ['ann', 'twice-1', 'y'],
      Feed: ['b', 'bystander', 'differs', 'down', ownUidOf('new@example.com')],
      News: ['down'],
      Jail: ['a', 'x'],
    });
  });
});

describe.each([1, 2, 100])('with %i messages in one write', (chunkSize) => {
  it('a crash before any write leaves what the next cycle finishes as if there had been none', async () => {
    expect(await withTroubleAtEach(crashBefore, chunkSize)).toBeGreaterThan(12);
  });

  it('so does a write that fails once', async () => {
    const failing = (number: number): Trouble => {
      return (_, current) => {
        if (current === number) throw new MailroomError({ code: 'transient', message: 'busy' });
        return undefined;
      };
    };
    await withTroubleAtEach(failing, chunkSize);
  });

  it('so does a write that is done, but whose answer is lost', async () => {
    const losing = (number: number): Trouble => {
      return (_, current) => {
        if (current !== number) return undefined;
        return { afterwards: new MailroomError({ code: 'transient', message: 'no answer' }) };
      };
    };
    await withTroubleAtEach(losing, chunkSize);
  });
});

describe('two cycles at the same time', () => {
  it('end as one does, with one contact and one membership for each sender', async () => {
    const account = anAccount(SPEC);
    await Promise.all([cycleOn(account), cycleOn(account)]);
    const { places, members, contacts } = (await undisturbed(100)).content;
    expect(account.mail.places).toEqual(places);
    expect(account.book.members).toEqual(members);
    expect(account.book.contacts).toEqual(contacts);
  });
});
