import { openAccountMail } from '../support/clients';
import { startEmbedded } from '../support/embedded/server';
import { openAccount } from '../support/test-account';
import { collect, describeMail, idsOf, LIMITS, minuteByMinute } from './mail-at-hand';

describeMail('Mail that is read', (at) => {
  it('opens with two requests that tell every mailbox, its parent, role and number of messages', async () => {
    await at.user.addMessage({ mailboxes: ['Screener', '@ToFeed'] });
    at.proxy.forget();
    const mail = await at.open();
    expect(at.proxy.counts()).toEqual({ session: 1, 'Mailbox/get': 1 });
    const projects = await at.user.mailboxId('Projects');
    const facts = mail.mailboxes.map(({ name, parentId, role, totalEmails }) => [name, parentId, role, totalEmails]);
    expect(facts.sort()).toEqual([
      ['@ToFeed', null, null, 1],
      ['Feed', null, null, 0],
      ['Feed', projects, null, 0],
      ['Inbox', null, 'inbox', 0],
      ['Projects', null, null, 0],
      ['Screener', null, null, 1],
    ]);
    expect(mail.writable).toBe(true);
  });

  it('reads more mailboxes than one answer may hold', async () => {
    const names = Array.from({ length: LIMITS.maxObjectsInGet + 6 }, (_, i) => `Label ${i}`);
    await at.user.makeMailboxes(names);
    expect((await at.open()).mailboxes.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  });

  it('reads what a message holds', async () => {
    const from = '=?utf-8?q?J=C3=B6?= <jo@x.example>, Ann <ann@x.example>';
    const receivedAt = '2026-02-03T04:05:06Z';
    const id = await at.user.addMessage({ from, mailboxes: ['Screener', '@ToFeed'], receivedAt });
    const [message, ...others] = await at.read(await at.inMailbox('Screener'));
    expect(others).toEqual([]);
    expect(message).toMatchObject({
      id,
      receivedAt,
      from: [
        { name: 'Jö', email: 'jo@x.example' },
        { name: 'Ann', email: 'ann@x.example' },
      ],
    });
    const mailboxIds = await Promise.all(['Screener', '@ToFeed'].map(at.user.mailboxId));
    expect([...(message?.mailboxIds ?? [])].sort()).toEqual(mailboxIds.sort());
  });

  it('reads what servers say of who sent a message, the topmost first', async () => {
    const raw = (...fields: readonly string[]) =>
      Buffer.from([...fields, 'From: a@x.example', '', 'Hello.', ''].join('\r\n'));
    const several = await at.user.importMessage(
      raw(
        'Authentication-Results: mx.example; spf=pass;',
        '\tdmarc=fail (p=none)',
        'Subject: x',
        'AUTHENTICATION-RESULTS: other.example; none',
      ),
      ['Screener'],
    );
    const none = await at.user.importMessage(raw('Subject: y'), ['Screener']);
    const mail = await at.open();
    const results = await mail.authenticationResults([several, none, 'gone']);
    expect(results.get(several)?.map((value) => value.replace(/\s+/g, ' ').trim())).toEqual([
      'mx.example; spf=pass; dmarc=fail (p=none)',
      'other.example; none',
    ]);
    expect([results.get(none), results.size]).toEqual([[], 2]);
  });

  it('reads them of more messages than one answer may hold', async () => {
    const ids = await at.user.addMessages(
      Array.from({ length: LIMITS.maxObjectsInGet + 3 }, (_, i) => ({
        mailboxes: ['Screener'],
        headers: { 'Authentication-Results': `mx${i}.example; none` },
      })),
    );
    const results = await (await at.open()).authenticationResults(ids);
    expect(ids.map((id) => results.get(id)?.join('').trim())).toEqual(ids.map((_, i) => `mx${i}.example; none`));
  });

  it('reads messages without a usable From', async () => {
    await at.user.importMessage(Buffer.from('Subject: From nobody\r\n\r\nHello.\r\n'), ['Screener']);
    await at.user.addMessage({ from: 'undisclosed', mailboxes: ['Screener'] });
    const messages = await at.read(await at.inMailbox('Screener'));
    expect(messages.map(({ from }) => from)).toEqual([null, null]);
  });

  it('tells mailing lists and subjects where a list of mail is wanted', async () => {
    const receivedAt = (second: number) => `2026-01-01T00:00:0${second}Z`;
    const headers = { 'List-Id': 'Gardeners <list.x.example>' };
    await at.user.addMessage({ subject: 'Weeds', mailboxes: ['Screener'], headers, receivedAt: receivedAt(1) });
    await at.user.addMessage({ subject: 'Hello', mailboxes: ['Screener'], receivedAt: receivedAt(2) });
    const listed = await collect(at.mail.listedMessages([await at.inMailbox('Screener')]));
    expect(listed.map(({ subject, list }) => [subject, list])).toEqual([
      ['Weeds', true],
      ['Hello', false],
    ]);
  });

  it('reads more messages than one answer may hold, oldest first', async () => {
    const ids = await at.user.addMessages(minuteByMinute(200, ['Screener']));
    expect(idsOf(await at.read(await at.inMailbox('Screener')))).toEqual(ids);
  });

  it('reads several searches side by side, each to its end', async () => {
    const screener = await at.user.addMessages(minuteByMinute(100, ['Screener']));
    const feed = await at.user.addMessages(minuteByMinute(70, ['Feed']));
    const label = await at.user.addMessages(minuteByMinute(3, ['@ToFeed']));
    const queries = [
      await at.inMailbox('Screener'),
      await at.inMailbox('Feed'),
      await at.inMailbox('@ToFeed'),
      await at.inMailbox('Inbox'),
    ];
    expect(new Set(idsOf(await at.read(...queries)))).toEqual(new Set([...screener, ...feed, ...label]));
  });

  /** Reads the Screener and files each page in the Inbox before the next one is read; gives the ids that were read. */
  async function movedWhileRead(): Promise<ReadonlySet<string>> {
    const [screener, inbox] = [await at.user.mailboxId('Screener'), await at.user.mailboxId('Inbox')];
    const seen = new Set<string>();
    for await (const page of at.mail.messages([await at.inMailbox('Screener')])) {
      for (const id of idsOf(page)) seen.add(id);
      await at.mail.update(idsOf(page).map((id) => ({ id, add: [inbox], remove: [screener], whileIn: [screener] })));
    }
    return seen;
  }

  it('misses no message although those that it has read leave the mailbox', async () => {
    const ids = await at.user.addMessages(minuteByMinute(200, ['Screener']));
    expect(await movedWhileRead()).toEqual(new Set(ids));
  });

  it('misses no message although all have the same date and leave the mailbox', async () => {
    const ids = await at.user.addMessages(
      Array.from({ length: 150 }, (_, i) => ({ subject: `${i}`, mailboxes: ['Screener'] })),
    );
    expect(await movedWhileRead()).toEqual(new Set(ids));
  });

  it('searches by mailbox, date and sender together', async () => {
    const from = 'Ann <ann@x.example>';
    const [, old = '', young = ''] = await at.user.addMessages([
      { subject: 'other sender', from: 'ben@x.example', mailboxes: ['Feed'], receivedAt: '2026-01-05T00:00:00Z' },
      { subject: 'old', from, mailboxes: ['Feed'], receivedAt: '2026-01-01T00:00:00Z' },
      { subject: 'young', from, mailboxes: ['Feed'], receivedAt: '2026-01-03T00:00:00Z' },
      { subject: 'elsewhere', from, mailboxes: ['Projects'], receivedAt: '2026-01-03T00:00:00Z' },
    ]);
    await at.server.index(at.user.account);
    const query = { ...(await at.inMailbox('Feed', 'Screener')), from: ['ANN@x.example'] };
    expect(idsOf(await at.read(query))).toEqual([old, young]);
    expect(idsOf(await at.read({ ...query, since: '2026-01-03T00:00:00Z' }))).toEqual([young]);
  });

  it('searches for all senders of a domain, whatever else it finds', async () => {
    const senders = ['ann@shop.example', 'ANN.b-c_d+e@Shop.Example', '"x y"@shop.example'];
    const others = ['ann@my.shop.example', 'ann@myshop.example', 'ann@shop.example.com'];
    const seeds = [...senders, ...others].map((from) => ({ subject: from, from, mailboxes: ['Feed'] }));
    const ids = await at.user.addMessages(seeds);
    await at.server.index(at.user.account);
    const found = idsOf(await at.read({ ...(await at.inMailbox('Feed')), from: ['@shop.example'] }));
    expect(found).toEqual(expect.arrayContaining(ids.slice(0, senders.length)));
    expect(found.length).toBeLessThan(ids.length);
  });

  it('searches for whom messages are addressed to, in To and in Cc', async () => {
    const headers = [
      { To: 'Posts <posts@list.example>' },
      { To: 'me@home.example', Cc: 'a@b.example, POSTS@List.Example' },
      { To: 'me@home.example' },
    ];
    const [to = '', cc = ''] = await at.user.addMessages(
      headers.map((each, i) => ({ subject: `${i}`, headers: each, mailboxes: ['Feed'] })),
    );
    await at.server.index(at.user.account);
    const query = { ...(await at.inMailbox('Feed', 'Screener')), to: ['posts@list.example', 'x@y.example'] };
    expect(new Set(idsOf(await at.read(query)))).toEqual(new Set([to, cc]));
  });

  it('reads recipients and where a list is posted to only where that is wanted', async () => {
    const headers = {
      To: 'Posts <Posts@List.Example>',
      Cc: 'me@home.example',
      'List-Post': '<https://list.example/post>, <mailto:posts@list.example?subject=x>',
    };
    await at.user.addMessage({ headers, mailboxes: ['Screener'] });
    await at.user.addMessage({ headers: { 'List-Post': 'NO (closed)' }, mailboxes: ['Screener'] });
    const queries = [await at.inMailbox('Screener')];
    const facts = (await collect(at.mail.messages(queries, ['lists']))).map(({ recipients, listPost }) => [
      recipients,
      listPost,
    ]);
    expect(facts).toEqual(
      expect.arrayContaining([
        [
          ['posts@list.example', 'me@home.example'],
          ['https://list.example/post', 'mailto:posts@list.example?subject=x'],
        ],
        [[], []],
      ]),
    );
    const listed = await collect(at.mail.listedMessages(queries, ['lists']));
    expect(listed.map(({ recipients }) => recipients?.length).sort()).toEqual([0, 2]);
    at.proxy.forget();
    const [plain] = await collect(at.mail.messages(queries));
    expect(plain).not.toHaveProperty('recipients');
  });

  it('knows the user by the session, and asks for identities where the server has them', async () => {
    at.proxy.forget();
    const addresses = await at.mail.ownAddresses();
    // The accounts of the tests have names without a domain, and identities without an address.
    expect(addresses).toEqual([]);
    expect(Object.keys(at.proxy.counts()).every((kind) => kind === 'Identity/get')).toBe(true);
  });

  it('searches for more senders than one filter takes', async () => {
    const addresses = Array.from({ length: 120 }, (_, i) => `sender${i}@x.example`);
    const ids = await at.user.addMessages(addresses.map((from, i) => ({ subject: `${i}`, from, mailboxes: ['Feed'] })));
    await at.server.index(at.user.account);
    const found = idsOf(await at.read({ ...(await at.inMailbox('Feed')), from: addresses }));
    expect(new Set(found)).toEqual(new Set(ids));
  });

  it.each([
    ['a login page', { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>Welcome</p>' }, 'protocol'],
    [
      'half an answer',
      { status: 200, headers: { 'content-type': 'application/json' }, body: '{"methodResponses":[' },
      'protocol',
    ],
    ['a lasting server error', { status: 500 }, 'transient'],
  ] as const)('throws when it gets %s', async (_, answer, code) => {
    at.proxy.fault(({ kind }) => kind.startsWith('Email/query'), { answer });
    await expect(at.read(await at.inMailbox('Screener'))).rejects.toMatchObject({ name: 'MailroomError', code });
  });

  it('does not open with a wrong token, and keeps the token out of its message', async () => {
    const secret = `${at.user.account.token}x`;
    const opening = openAccountMail({ ...at.user.account, token: secret });
    await expect(opening).rejects.toMatchObject({
      code: 'credentials',
      message: expect.not.stringContaining(secret),
    });
  });
});

describe('Mail, on a server with habits of its own', () => {
  it('reads to the end although every query answers fewer ids than it was asked for', async () => {
    const server = await startEmbedded({ maxIdsInQuery: 7 });
    try {
      const user = await openAccount(await server.addUser());
      await user.makeMailboxes(['Screener']);
      const ids = await user.addMessages(minuteByMinute(40, ['Screener']));
      const mail = await openAccountMail(user.account);
      const query = { inMailboxes: [await user.mailboxId('Screener')] };
      expect(idsOf(await collect(mail.messages([query])))).toEqual(ids);
    } finally {
      await server.stop();
    }
  });

  it('may find look-alikes of the sender', async () => {
    const server = await startEmbedded();
    try {
      const user = await openAccount(await server.addUser());
      await user.addMessage({ from: 'joann@x.example', mailboxes: ['Inbox'] });
      const mail = await openAccountMail(user.account);
      const query = { inMailboxes: [await user.mailboxId('Inbox')], from: ['ann@x.example'] };
      expect(await collect(mail.messages([query]))).toMatchObject([{ from: [{ email: 'joann@x.example' }] }]);
    } finally {
      await server.stop();
    }
  });
});
