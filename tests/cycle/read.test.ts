import type { Message } from '../../src/triage/message';
import { aContact, aListMessage, aMessage, INBOX, LIST, SCREENER, WHOLE_DOMAIN, WHOLE_LIST } from '../support/builders';
import { anAccount, cycleOn, settingsWith } from '../support/fake-cycle';

const ANN = 'Ann <ann@example.com>';

describe('what a cycle reads', () => {
  it('is nothing but the mailboxes’ counts when no message is labelled', async () => {
    const account = anAccount({ messages: [aMessage('1', ANN, [SCREENER]), aMessage('2', ANN, [INBOX])] });
    await expect(cycleOn(account)).resolves.toMatchObject({ kind: 'done', summary: 'Nothing to triage' });
    expect(account.mail.queries).toEqual([]);
    expect(account.journal.writes).toEqual([]);
  });

  it('is only the labels that hold a message, and then what there is of the senders', async () => {
    const account = anAccount({ messages: [aMessage('1', ANN, ['@ToFeed'])] });
    await cycleOn(account);
    expect(account.mail.queries).toEqual([
      { inMailboxes: ['@ToFeed'] },
      { inMailboxes: [SCREENER] },
      { inMailboxes: [INBOX, 'Feed', 'Paper Trail', 'Jail'], since: '2026-02-22T10:00:00Z' },
      { inMailboxes: [INBOX, 'Feed', 'Paper Trail', 'Jail'], from: ['ann@example.com'] },
    ]);
  });

  it('is nothing of a sender in conflict', async () => {
    const account = anAccount({ messages: [aMessage('1', ANN, ['@ToFeed', '@ToJail'])] });
    await cycleOn(account);
    expect(account.mail.queries).toEqual([{ inMailboxes: ['@ToFeed', '@ToJail'] }]);
  });

  it('is every labelled message, wherever else it is, over many pages', async () => {
    const messages = Array.from({ length: 20 }, (_, index) =>
      aMessage(`m${index}`, ANN, index % 2 === 0 ? ['@ToFeed'] : ['@ToFeed', 'Archive']),
    );
    const account = anAccount({ messages });
    await expect(cycleOn(account)).resolves.toMatchObject({ report: { triaged: 1, filed: 20 } });
    expect(Object.values(account.mail.places).flat()).not.toContain('@ToFeed');
  });
});

describe('what is collected of the mail', () => {
  const SWEEPING = settingsWith(undefined, { MAILROOM_SWEEP: 'true' });
  const NEW = '2026-03-01T09:00:00Z';
  const OLD = '2026-02-20T09:00:00Z';

  it('is asked for at once: labels, and what came into the Screener of late', async () => {
    const account = anAccount({
      settings: SWEEPING,
      messages: [aMessage('1', ANN, ['@ToFeed']), aMessage('2', 'bob@example.com', [SCREENER], NEW)],
    });
    const opened = account.mail.open();
    const mail = { ...opened, messages: jest.fn(opened.messages) };
    await cycleOn(account, { openMail: async () => mail, showPlan: () => {} });
    expect(mail.messages.mock.calls[0]).toEqual([
      [{ inMailboxes: ['@ToFeed'] }, { inMailboxes: [SCREENER], since: '2026-02-28T10:00:00Z' }],
      // No property that only verdicts on lists need.
      [],
    ]);
    // The other is for the sender's mail.
    expect(mail.messages).toHaveBeenCalledTimes(2);
  });

  it('is read while the address book is still looked for', async () => {
    const account = anAccount({ messages: [aMessage('1', ANN, ['@ToFeed'])] });
    const mail = account.mail.open();
    let found = (): void => {};
    const isRead = new Promise<void>((resolve) => {
      found = resolve;
    });
    const messages: typeof mail.messages = (queries) => {
      found();
      return mail.messages(queries);
    };
    const openBook = async () => {
      await isRead;
      return account.book.open();
    };
    await expect(cycleOn(account, { openMail: async () => ({ ...mail, messages }), openBook })).resolves.toMatchObject({
      report: { triaged: 1 },
    });
  });

  it.each([
    ['that has lain in the Screener for days', SCREENER, OLD],
    ['that is in a managed mailbox', 'Jail', NEW],
  ])('never files by the sweep what loses its label meanwhile and %s', async (_, mailbox, receivedAt) => {
    const account = anAccount({
      settings: SWEEPING,
      messages: [aMessage('1', ANN, ['@ToFeed', mailbox], receivedAt)],
      contacts: [aContact('u', { addresses: ['ann@example.com'] })],
      members: { Feed: ['u'] },
    });
    const mail = account.mail.open();
    const messages: typeof mail.messages = async function* (queries) {
      for await (const page of mail.messages(queries)) {
        yield page.map((message) => ({ ...message, mailboxIds: [mailbox] }));
      }
    };
    await cycleOn(account, { openMail: async () => ({ ...mail, messages }) });
    expect(account.journal.writes).toEqual([]);
  });
});

describe('the sender’s other mail', () => {
  const LONG_AGO = '2020-01-01T00:00:00Z';

  it.each([
    ['in the Screener, old and unknown to the search', SCREENER, LONG_AGO, true],
    ['in a managed mailbox, new and unknown to the search', 'Jail', '2026-02-28T00:00:00Z', true],
    ['in a managed mailbox, old and known to the search', 'Jail', LONG_AGO, false],
    ['in the Inbox, old and known to the search', INBOX, LONG_AGO, false],
  ])('is found %s', async (_, mailbox, receivedAt, unindexed) => {
    const account = anAccount({
      messages: [aMessage('label', ANN, ['@ToFeed']), aMessage('other', 'ANN@example.com', [mailbox], receivedAt)],
      mail: { unindexed: unindexed ? ['other'] : [] },
    });
    await cycleOn(account);
    expect(account.mail.places['other']).toEqual(['Feed']);
  });

  it.each(['joann@example.com', 'ann@example.com.evil.org', 'Ann ann@example.com <other@example.com>'])(
    'is not that of %s, which the search finds, too',
    async (from) => {
      const account = anAccount({
        messages: [aMessage('label', ANN, ['@ToFeed']), aMessage('other', from, ['Jail'], LONG_AGO)],
      });
      await cycleOn(account);
      expect(account.mail.places['other']).toEqual(['Jail']);
    },
  );
});

describe('the other mail of a domain or a list', () => {
  const LONG_AGO = '2020-01-01T00:00:00Z';
  const DOMAIN = aMessage('label', ANN, ['@ToFeed', WHOLE_DOMAIN]);
  const ON_LIST = aListMessage('label', ANN, ['@ToFeed', WHOLE_LIST]);

  it.each([
    ['of a domain, in the Screener, old', DOMAIN, aMessage('other', 'bob@example.com', [SCREENER], LONG_AGO)],
    ['of a domain, in a managed mailbox, old', DOMAIN, aMessage('other', 'bob@example.com', ['Jail'], LONG_AGO)],
    ['of a list, in the Screener, old', ON_LIST, listMessage(SCREENER, LONG_AGO)],
    ['of a list, in a managed mailbox, old', ON_LIST, listMessage('Jail', LONG_AGO)],
  ])('is found: %s', async (_, label, other) => {
    const account = anAccount({ features: ['domains', 'lists'], messages: [label, other] });
    await cycleOn(account);
    expect(account.mail.places['other']).toEqual(['Feed']);
  });

  it('is asked for by what addresses end with, and by where the list is posted to', async () => {
    const managed = [INBOX, 'Feed', 'Paper Trail', 'Jail'];
    const account = anAccount({ features: ['domains', 'lists'], messages: [DOMAIN, { ...ON_LIST, id: 'list' }] });
    await cycleOn(account);
    expect(account.mail.queries.slice(-3)).toEqual([
      { inMailboxes: managed, since: '2026-02-22T10:00:00Z' },
      { inMailboxes: managed, from: ['@example.com'] },
      { inMailboxes: managed, to: [LIST] },
    ]);
  });

  function listMessage(mailbox: string, receivedAt: string) {
    return { ...aListMessage('other', 'bob@x.example', [mailbox]), receivedAt };
  }
});

describe('what a cycle asks for beside the judged', () => {
  const FEATURES = ['domains', 'lists', 'undo', 'spam'] as const;
  const DOMAIN = ['*@example.com'];
  const TO_LISTS = aListMessage('other', 'bob@example.com', [SCREENER], { recipients: [LIST, 'other@list.example'] });

  /** The addresses of each request for contacts, and what it asks for of domains. */
  async function asked(label: Message, other: Message = aMessage('other', 'bob@x.example', [SCREENER])) {
    const account = anAccount({ features: FEATURES, messages: [label, other] });
    const book = account.book.open();
    const findByAddress = jest.fn(book.findByAddress);
    const findSimilar = jest.fn(book.findSimilar);
    await cycleOn(account, { openBook: async () => ({ ...book, findByAddress, findSimilar }), showPlan: () => {} });
    expect(findSimilar).not.toHaveBeenCalled();
    return findByAddress.mock.calls;
  }

  it.each<[string, Message, Message | undefined, readonly (readonly unknown[])[]]>([
    ['a verdict on a sender', aListMessage('1', ANN, ['@ToFeed']), TO_LISTS, [[['ann@example.com'], []]]],
    ['spam of a sender', aListMessage('1', ANN, ['@ToSpam']), TO_LISTS, [[['ann@example.com'], []]]],
    ['a verdict on a domain', aMessage('1', ANN, ['@ToFeed', WHOLE_DOMAIN]), TO_LISTS, [[DOMAIN, ['@example.com']]]],
  ])('is nobody for %s', async (_, label, other, calls) => {
    expect(await asked(label, other)).toEqual(calls);
  });

  it.each<[string, Message, Message | undefined, readonly string[]]>([
    [
      'lists, for spam of a domain: its known senders keep what their lists say',
      aMessage('1', ANN, ['@ToSpam', WHOLE_DOMAIN]),
      TO_LISTS,
      [LIST, 'other@list.example'],
    ],
    [
      'senders and domains, and the other lists, for a verdict on a list',
      aListMessage('1', ANN, ['@ToFeed', WHOLE_LIST]),
      TO_LISTS,
      ['bob@example.com', '*@example.com', 'other@list.example', 'ann@example.com'],
    ],
    [
      'all else where a sender’s is taken back',
      aListMessage('1', ANN, ['@ToScreener']),
      undefined,
      ['*@example.com', LIST],
    ],
    [
      'lists where a domain’s is taken back',
      aMessage('1', ANN, ['@ToScreener', WHOLE_DOMAIN]),
      TO_LISTS,
      [LIST, 'other@list.example'],
    ],
  ])('is what the verdicts may be of %s', async (_, label, other, addresses) => {
    const [, ...others] = await asked(label, other);
    expect(others).toEqual([[addresses]]);
  });

  it.each([
    ['a domain', ['@ToFeed', WHOLE_DOMAIN], 1],
    ['nothing but senders', ['@ToFeed'], 0],
  ])('are the user’s own addresses where there is a verdict on %s', async (_, labels, times) => {
    const account = anAccount({ features: FEATURES, messages: [aMessage('1', ANN, labels)] });
    const mail = account.mail.open();
    const ownAddresses = jest.fn(mail.ownAddresses);
    await cycleOn(account, { openMail: async () => ({ ...mail, ownAddresses }) });
    expect(ownAddresses).toHaveBeenCalledTimes(times);
  });
});

describe('a sender’s contacts', () => {
  it('are those with its address in any case', async () => {
    const account = anAccount({
      messages: [aMessage('1', ANN, ['@ToFeed'])],
      contacts: [
        aContact('u', { addresses: ['home@example.com', 'ANN@Example.com'] }),
        aContact('other', { addresses: ['joann@example.com'] }),
      ],
    });
    await cycleOn(account);
    expect(account.book.members['Feed']).toEqual(['u']);
  });
});

describe('a group that goes away while it is read', () => {
  it('keeps the senders for the next cycle, in the groups where they are', async () => {
    const account = anAccount({
      messages: [aMessage('1', ANN, ['@ToFeed'])],
      contacts: [aContact('u', { addresses: ['ann@example.com'] })],
      members: { Jail: ['u'] },
    });
    const openBook = async () => {
      const book = account.book.open();
      account.book.delete('https://dav.test/book/group-Feed.vcf');
      return book;
    };
    await expect(cycleOn(account, { openBook })).rejects.toMatchObject({
      code: 'transient',
      message: 'The contact group "Feed" went away while the cycle was reading',
    });
    expect(account.journal.writes).toEqual([]);
    expect(account.book.members['Jail']).toEqual(['u']);
  });
});
