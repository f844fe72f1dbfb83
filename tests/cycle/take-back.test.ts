import { aCategory, aContact, aGroup, aMessage, INBOX, JUNK, ownUidOf, SCREENER } from '../support/builders';
import { type AccountSpec, anAccount, contentOf, cycleOn, settingsWith } from '../support/fake-cycle';
import { afterTroubleAtEachWrite, TROUBLES } from '../support/trouble-at-each-write';

const SENDERS = ['back@example.com', 'adopted-back@example.com', 'spam@example.com', 'adopted-spam@example.com'];

/** Verdicts that are taken back and senders that are spam, on Mailroom's own contacts and on the user's. */
const SPEC: AccountSpec = {
  // Feed adds to an Inbox that is nobody's destination.
  settings: settingsWith([aCategory('Feed', { addToInbox: true }), aCategory('Jail')]),
  features: ['undo', 'spam'],
  messages: [
    aMessage('back 1', 'back@example.com', ['Feed', INBOX, '@ToScreener']),
    aMessage('back 2', 'back@example.com', ['Feed', INBOX, 'My label']),
    aMessage('adopted back 1', 'adopted-back@example.com', ['@ToScreener']),
    aMessage('adopted back 2', 'adopted-back@example.com', ['Jail', INBOX]),
    aMessage('spam 1', 'spam@example.com', [SCREENER, '@ToSpam']),
    aMessage('spam 2', 'spam@example.com', ['Jail', 'My label']),
    aMessage('adopted spam', 'adopted-spam@example.com', ['Feed', '@ToSpam']),
  ],
  contacts: [
    aContact(ownUidOf('back@example.com'), {
      addresses: ['back@example.com'],
      note: 'Mailroom 2026-01-01: Feed',
      pristine: true,
    }),
    aContact('adopted-back', {
      addresses: ['adopted-back@example.com'],
      formattedName: 'Shop',
      note: 'mine\nMailroom 2026-01-01: Jail <adopted-back@example.com> (name filled: Shop)',
    }),
    aContact(ownUidOf('spam@example.com'), {
      addresses: ['spam@example.com'],
      note: 'Mailroom 2026-01-01: Jail',
      pristine: true,
    }),
    aContact('adopted-spam', { addresses: ['adopted-spam@example.com'], formattedName: '' }),
  ],
  members: {
    Feed: [ownUidOf('back@example.com'), 'adopted-spam', 'x'],
    Jail: ['adopted-back', ownUidOf('spam@example.com')],
  },
  book: { mayLeaveAll: SENDERS },
};

const AFTER = {
  places: {
    'back 1': [SCREENER],
    'back 2': ['My label', SCREENER],
    'adopted back 1': [SCREENER],
    'adopted back 2': [INBOX, SCREENER],
    'spam 1': [JUNK],
    'spam 2': [JUNK, 'My label'],
    'adopted spam': [JUNK],
  },
  members: { Feed: ['x'], Jail: [] },
  contacts: [
    expect.objectContaining({ uid: 'adopted-back', formattedName: '', note: 'mine' }),
    expect.objectContaining({
      uid: 'adopted-spam',
      formattedName: '',
      note: 'Mailroom 2026-03-01: Feed → Spam <adopted-spam@example.com>',
    }),
  ],
};

describe('verdicts that are taken back, and spam', () => {
  it('end with mail, groups and contacts as they were, and mark spam as junk', async () => {
    const account = anAccount(SPEC);
    await cycleOn(account);
    expect(contentOf(account)).toEqual(AFTER);
    const keywords = { $junk: true, $notjunk: false };
    expect(account.mail.keywords).toEqual({ 'spam 1': keywords, 'spam 2': keywords, 'adopted spam': keywords });
  });

  it('are written in the order groups, mail, contacts, labels', async () => {
    const [first, second] = SPEC.messages;
    const messages = [first, second].flatMap((message) => message ?? []);
    const account = anAccount({ ...SPEC, messages });
    await cycleOn(account);
    const own = ownUidOf('back@example.com');
    expect(account.journal.writes).toEqual([
      `group Feed: -${own}`,
      `mail: back 1 +${SCREENER} -Feed -${INBOX}, back 2 +${SCREENER} -Feed -${INBOX}`,
      `delete ${own}`,
      'mail: back 1 -@ToScreener',
    ]);
  });

  it.each(TROUBLES)('are finished by the next cycle after %s', async (_, troubleAt) => {
    for await (const { number, account } of afterTroubleAtEachWrite(SPEC, troubleAt)) {
      expect({ number, ...contentOf(account) }).toEqual({ number, ...AFTER });
    }
  });

  it('are the same by two cycles at once', async () => {
    const account = anAccount(SPEC);
    await Promise.all([cycleOn(account), cycleOn(account)]);
    expect(contentOf(account)).toEqual(AFTER);
  });

  it('keep a contact of Mailroom’s that the user has put into a group, without its history', async () => {
    const own = ownUidOf('back@example.com');
    const family = aGroup('Family', [own]);
    const beside = aMessage('beside', 'new@example.com', ['@ToJail']);
    const account = anAccount({ ...SPEC, messages: [...SPEC.messages.slice(0, 2), beside] });
    account.book.put(family);
    await cycleOn(account);
    expect(account.book.contacts.find(({ uid }) => uid === own)?.note).toBe('');
    expect(account.book.members).toMatchObject({ Family: [own], Feed: ['adopted-spam', 'x'] });
  });

  it('touch nobody where the labels are not there', async () => {
    const account = anAccount({ ...SPEC, features: [], messages: SPEC.messages.map(withoutOptional) });
    await cycleOn(account);
    expect(account.journal.writes).toEqual([]);
  });
});

function withoutOptional(message: AccountSpec['messages'][number]) {
  const mailboxIds = message.mailboxIds.filter((id) => !['@ToScreener', '@ToSpam'].includes(id));
  return { ...message, mailboxIds: mailboxIds.length === 0 ? ['Archive'] : mailboxIds };
}
