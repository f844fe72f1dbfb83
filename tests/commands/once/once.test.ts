import { type ErrorCode, MailroomError } from '../../../src/errors';
import type { UnreadableCard } from '../../../src/ports';
import { aMailbox, aMessage, ERROR_LABEL, INBOX, SCREENER } from '../../support/builders';
import { anAccount, contentOf, cycleOn, recordingLog } from '../../support/fake-cycle';

const ANN = 'Ann <ann@example.com>';

describe('a cycle that cannot start', () => {
  it.each([
    ['rejected credentials', new MailroomError({ code: 'credentials', message: 'The token is rejected' })],
    ['a host that is away', new MailroomError({ code: 'transient', message: 'The host is away' })],
    ['a defect', new TypeError('x is undefined')],
  ])('fails with what it is: %s', async (_, error) => {
    const account = anAccount({ messages: [] });
    await expect(cycleOn(account, { openMail: () => Promise.reject(error) })).rejects.toBe(error);
    await expect(cycleOn(account, { openBook: () => Promise.reject(error) })).rejects.toBe(error);
  });

  it('fails with what is wrong with both hosts', async () => {
    const account = anAccount({ messages: [] });
    const fails = (code: ErrorCode, message: string) => () => Promise.reject(new MailroomError({ code, message }));
    await expect(
      cycleOn(account, {
        openMail: fails('transient', 'Mail is away'),
        openBook: fails('credentials', 'The password is rejected'),
      }),
    ).rejects.toMatchObject({ code: 'credentials', message: 'Mail is away; The password is rejected' });
  });

  it('names missing mailboxes and groups, and writes nothing', async () => {
    const account = anAccount({
      messages: [aMessage('1', ANN, ['@ToFeed'])],
      mail: { mailboxes: [aMailbox(INBOX, { role: 'inbox' }), aMailbox(SCREENER), aMailbox('@ToFeed')] },
    });
    account.book.delete('https://dav.test/book/group-Jail.vcf');
    await expect(cycleOn(account)).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringMatching(/^Missing: the mailboxes "@ToImbox", .* and the contact group "Jail"$/),
    });
    expect(account.journal.writes).toEqual([]);
  });

  it.each([
    ['mail', false, true, /^JMAP: the token lets mail be read only$/],
    ['contacts', true, false, /^CardDAV: the password lets contacts be read only$/],
    ['both', false, false, /JMAP: .*CardDAV: /],
  ])('asks for other credentials where %s may be read only, and writes nothing', async (_, mail, contacts, message) => {
    const account = anAccount({ messages: [aMessage('1', ANN, ['@ToFeed'])] });
    const openMail = async () => ({ ...account.mail.open(), writable: mail });
    const openBook = async () => ({ ...account.book.open(), writable: contacts });
    await expect(cycleOn(account, { openMail, openBook })).rejects.toMatchObject({
      code: 'credentials',
      message: expect.stringMatching(message),
    });
    expect(account.journal.writes).toEqual([]);
  });

  it('fails as a whole when mail cannot be read', async () => {
    const account = anAccount({ messages: [aMessage('1', ANN, ['@ToFeed'])] });
    const away = new MailroomError({ code: 'transient', message: 'The host is away' });
    const openMail = async () => ({
      ...account.mail.open(),
      messages: () => {
        throw away;
      },
    });
    await expect(cycleOn(account, { openMail })).rejects.toBe(away);
  });

  it('fails as a whole when contacts cannot be read, and writes nothing', async () => {
    const account = anAccount({ messages: [aMessage('1', ANN, ['@ToFeed'])] });
    const away = new MailroomError({ code: 'transient', message: 'The host is away' });
    const openBook = async () => ({ ...account.book.open(), findByAddress: () => Promise.reject(away) });
    await expect(cycleOn(account, { openBook })).rejects.toBe(away);
    expect(account.journal.writes).toEqual([]);
  });
});

describe('a card that cannot be read', () => {
  const BROKEN = {
    href: 'https://dav.example/broken.vcf',
    reason: 'is no whole vCard',
    mayBelongTo: ['ann@example.com'],
  };
  const accountWith = (unreadable: readonly UnreadableCard[]) => {
    const account = anAccount({
      messages: [aMessage('1', ANN, [SCREENER, '@ToFeed']), aMessage('2', 'bob@example.com', ['@ToJail'])],
    });
    const log = recordingLog();
    const openBook = async () => ({ ...account.book.open(), unreadable: () => unreadable });
    return { account, records: log.records, run: () => cycleOn(account, { openBook, log }) };
  };

  it('holds back whose contact it may be alone, and is named once', async () => {
    const { account, records, run } = accountWith([BROKEN]);
    await expect(run()).resolves.toMatchObject({ report: { triaged: 1, refused: 1 } });
    expect(account.journal.writes).toEqual([
      'create own-bob@example.com',
      'group Jail: +own-bob@example.com',
      'mail: 2 +Jail -@ToJail',
      `mail: 1 +${ERROR_LABEL}`,
    ]);
    expect(records.filter(({ message }) => message.includes('set aside'))).toMatchObject([
      { level: 'warn', fields: { card: BROKEN.href, heldBack: ['ann@example.com'] } },
    ]);
    expect(records.find(({ level }) => level === 'error')?.fields).toMatchObject({
      sender: 'ann@example.com',
      error: {
        message: `The contact of ann@example.com may be ${BROKEN.href}, which is no whole vCard`,
        hint: 'Repair or delete that contact, then take the error label off',
      },
    });
  });

  it('holds nobody back for somebody else whose address ends alike', async () => {
    const { account, run } = accountWith([{ ...BROKEN, mayBelongTo: ['nn@example.com'] }]);
    await expect(run()).resolves.toMatchObject({ report: { triaged: 2, refused: 0 } });
    expect(account.mail.places).toEqual({ 1: ['Feed'], 2: ['Jail'] });
  });

  it('stops nobody where it has nothing to do with them', async () => {
    const { records, run } = accountWith([{ ...BROKEN, mayBelongTo: [] }]);
    await expect(run()).resolves.toMatchObject({ report: { triaged: 2, refused: 0 } });
    expect(records.filter(({ message }) => message.includes('set aside'))).toHaveLength(1);
  });
});

describe('a cycle', () => {
  it('says in one line what it did', async () => {
    const account = anAccount({
      messages: [
        aMessage('1', ANN, [SCREENER, '@ToFeed']),
        aMessage('2', ANN, [SCREENER]),
        aMessage('3', 'bob@example.com', ['@ToFeed', '@ToJail']),
        aMessage('4', null, ['@ToFeed']),
        aMessage('5', 'nobody', ['@ToJail']),
      ],
    });
    await expect(cycleOn(account)).resolves.toEqual({
      kind: 'done',
      summary: 'Triaged 1 sender, filed 2 messages, 1 contact made, 1 in conflict, 2 without a usable From',
      report: {
        triaged: 1,
        domains: 0,
        lists: 0,
        filed: 2,
        swept: 0,
        contactsCreated: 1,
        warned: 0,
        conflicts: 1,
        takenBack: 0,
        spam: 0,
        withoutSender: 2,
        severalSenders: 0,
        withoutJunk: 0,
        impossible: 0,
        leftAlone: 0,
        failed: 0,
        refused: 0,
        notStarted: 0,
      },
    });
  });

  it('takes its date from its caller', async () => {
    const account = anAccount({ messages: [aMessage('1', ANN, ['@ToFeed'])] });
    await cycleOn(account, { now: new Date('2031-12-31T23:59:59Z') });
    expect(account.book.contacts[0]?.note).toBe('Mailroom 2031-12-31: Feed');
  });

  it('goes on where the user has mended a conflict', async () => {
    const account = anAccount({ messages: [aMessage('1', ANN, ['@ToFeed']), aMessage('2', ANN, ['@ToJail'])] });
    await expect(cycleOn(account)).resolves.toMatchObject({ report: { conflicts: 1, triaged: 0 } });
    account.mail.put(aMessage('1', ANN, ['@ToFeed']));
    account.mail.put(aMessage('2', ANN, ['Archive']));
    await expect(cycleOn(account)).resolves.toMatchObject({ report: { triaged: 1 } });
    expect(contentOf(account)).toMatchObject({ places: { 1: ['Feed'], 2: ['Archive'] } });
  });
});
