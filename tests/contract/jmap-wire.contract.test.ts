import type { MailServer } from '../support/account';
import { describeOnMailServers } from '../support/on-servers';
import { openAccount, type TestAccount } from '../support/test-account';
import { jmap, jmapText } from '../support/wire';

const OLDEST_FIRST = [{ property: 'receivedAt', isAscending: true }];

describeOnMailServers('JMAP as Mailroom relies on it', (server: () => MailServer) => {
  let user: TestAccount;

  beforeEach(async () => {
    user = await openAccount(await server().addUser());
    await user.makeMailboxes(['Screener', '@ToFeed']);
  });

  /** Ids of one message a day, in the Screener; every second one is in @ToFeed too. */
  const addDays = (count: number): Promise<readonly string[]> =>
    user.addMessages(
      Array.from({ length: count }, (_, day) => ({
        subject: `day ${day}`,
        from: `Ann ${day} <ann${day}@x.example>`,
        mailboxes: day % 2 === 0 ? ['Screener', '@ToFeed'] : ['Screener'],
        receivedAt: `2026-01-${String(day + 1).padStart(2, '0')}T00:00:00Z`,
      })),
    );

  const query = async (args: object) =>
    (await jmap(user.account, ['Email/query', { sort: OLDEST_FIRST, ...args }])).answers[0];

  it('sends a session with relative URLs and its limits', async () => {
    const { account } = user;
    const response = await fetch(account.sessionUrl, { headers: { authorization: `Bearer ${account.token}` } });
    expect(await response.json()).toMatchObject({
      apiUrl: '/jmap/',
      primaryAccounts: { 'urn:ietf:params:jmap:mail': account.username },
      accounts: { [account.username]: { isReadOnly: false, isPersonal: true } },
      capabilities: {
        'urn:ietf:params:jmap:core': {
          maxSizeRequest: 10_485_760,
          maxConcurrentRequests: 5,
          maxCallsInRequest: 50,
          maxObjectsInGet: 4096,
          maxObjectsInSet: 4096,
        },
      },
    });
  });

  it('rejects a wrong token with 401', async () => {
    const { account } = user;
    const response = await fetch(account.sessionUrl, { headers: { authorization: `Bearer ${account.token}x` } });
    expect(response.status).toBe(401);
  });

  it('counts the messages of every mailbox in Mailbox/get', async () => {
    await addDays(3);
    const { answers } = await jmap(user.account, ['Mailbox/get', { ids: null }]);
    const facts = answers[0]?.[1].list?.map(({ name, role, parentId, totalEmails }) => [
      name,
      role,
      parentId,
      totalEmails,
    ]);
    expect(facts?.sort()).toEqual([
      ['@ToFeed', null, null, 2],
      ['Inbox', 'inbox', null, 0],
      ['Screener', null, null, 3],
    ]);
  });

  it('makes mailboxes one by one, and refuses names that are taken or empty', async () => {
    const { answers } = await jmap(user.account, [
      'Mailbox/set',
      {
        create: {
          taken: { name: '@ToFeed', parentId: null },
          empty: { name: '', parentId: null },
          lost: { name: 'Lost', parentId: 'nope' },
          right: { name: 'Feed', parentId: null, isSubscribed: true },
        },
      },
    ]);
    expect(answers[0]?.[1]).toMatchObject({
      created: { right: { id: expect.any(String) } },
      notCreated: {
        taken: { type: 'invalidProperties', properties: ['name'] },
        empty: { type: 'invalidProperties', properties: ['name'] },
        lost: { type: 'invalidProperties', properties: ['parentId'] },
      },
    });
    expect(await user.mailboxes()).toEqual(['@ToFeed', 'Feed', 'Inbox', 'Screener']);
  });

  it('pages by limit and by anchor', async () => {
    const ids = await addDays(6);
    const filter = { inMailbox: await user.mailboxId('Screener') };
    expect(await query({ filter, limit: 2 })).toMatchObject([
      'Email/query',
      { ids: ids.slice(0, 2), position: 0 },
      '0',
    ]);
    expect(await query({ filter, limit: 2, anchor: ids[1], anchorOffset: 1 })).toMatchObject([
      'Email/query',
      { ids: ids.slice(2, 4), position: 2 },
      '0',
    ]);
    expect(await query({ filter, limit: 2, anchor: ids[0], anchorOffset: -3 })).toMatchObject([
      'Email/query',
      { ids: ids.slice(0, 2) },
      '0',
    ]);
    expect(await query({ filter, position: 4, limit: 9 })).toMatchObject(['Email/query', { ids: ids.slice(4) }, '0']);
    expect(await query({ filter, position: 40 })).toMatchObject(['Email/query', { ids: [] }, '0']);
    expect(await query({ filter, position: -2 })).toMatchObject(['Email/query', { ids: ids.slice(4) }, '0']);
  });

  it('leaves out the total unless it is asked for', async () => {
    await addDays(3);
    const filter = { inMailbox: await user.mailboxId('Screener') };
    expect((await query({ filter, limit: 2 }))?.[1]).not.toHaveProperty('total');
    expect(await query({ filter, limit: 2, calculateTotal: true })).toMatchObject(['Email/query', { total: 3 }, '0']);
  });

  it('answers anchorNotFound once the anchor has left the mailbox', async () => {
    const [, id = ''] = await addDays(2);
    await user.labelMessage(id, 'Inbox');
    await user.unlabelMessage(id, 'Screener');
    const filter = { inMailbox: await user.mailboxId('Screener') };
    expect(await query({ filter, anchor: id, anchorOffset: 1 })).toEqual(['error', { type: 'anchorNotFound' }, '0']);
  });

  it('combines mailboxes, dates and operators in filters', async () => {
    const ids = await addDays(4);
    const screener = { inMailbox: await user.mailboxId('Screener') };
    const feed = { inMailbox: await user.mailboxId('@ToFeed') };
    const inbox = { inMailbox: await user.mailboxId('Inbox') };
    const after = { after: '2026-01-03T00:00:00Z' };
    const found = async (filter: object) => (await query({ filter }))?.[1].ids;
    expect(await found({ operator: 'AND', conditions: [screener, after] })).toEqual([ids[2], ids[3]]);
    expect(await found({ ...feed, ...after })).toEqual([ids[2]]);
    expect(await found({ operator: 'OR', conditions: [feed, inbox] })).toEqual([ids[0], ids[2]]);
    expect(
      await found({ operator: 'AND', conditions: [{ operator: 'OR', conditions: [feed, inbox] }, after] }),
    ).toEqual([ids[2]]);
    expect(await found({ operator: 'NOT', conditions: [feed] })).toEqual([ids[1], ids[3]]);
  });

  it('refuses filters that it does not know, and mailboxes that are not there', async () => {
    expect(await query({ filter: { inMailbox: 'nope' } })).toMatchObject(['error', { type: 'invalidArguments' }, '0']);
    expect(await query({ filter: { hue: 'red' } })).toMatchObject(['error', { type: 'invalidArguments' }, '0']);
  });

  it('finds an address by from once it is indexed, whatever its case and place in the header', async () => {
    const both = await user.addMessage({ from: 'B <b@x.example>, Ann <Ann@x.example>', mailboxes: ['Screener'] });
    const other = await user.addMessage({ from: 'ben@x.example', mailboxes: ['Screener'] });
    expect(await query({ filter: { from: 'ann@x.example' } })).toMatchObject(['Email/query', { ids: [] }, '0']);
    await server().index(user.account);
    const found = async (...addresses: readonly string[]) => {
      const conditions = addresses.map((from) => ({ from }));
      return new Set((await query({ filter: { operator: 'OR', conditions } }))?.[1].ids);
    };
    expect(await found('ann@x.example')).toEqual(new Set([both]));
    expect(await found('ANN@x.example')).toEqual(new Set([both]));
    expect(await found('ben@x.example', 'ann@x.example')).toEqual(new Set([both, other]));
    expect(await found('x.example')).toEqual(new Set([both, other]));
  });

  it('fetches what a query found in the same request', async () => {
    const [id] = await addDays(1);
    const { answers } = await jmap(
      user.account,
      ['Email/query', { filter: { inMailbox: await user.mailboxId('@ToFeed') } }],
      [
        'Email/get',
        {
          '#ids': { resultOf: '0', name: 'Email/query', path: '/ids' },
          properties: ['from', 'mailboxIds', 'receivedAt'],
        },
      ],
    );
    const mailboxIds = { [await user.mailboxId('@ToFeed')]: true, [await user.mailboxId('Screener')]: true };
    const from = [{ name: 'Ann 0', email: 'ann0@x.example' }];
    expect(answers[1]?.[1]).toMatchObject({
      list: [{ id, from, mailboxIds, receivedAt: '2026-01-01T00:00:00Z' }],
      notFound: [],
    });
    expect(Object.keys(answers[1]?.[1].list?.[0] ?? {}).sort()).toEqual(['from', 'id', 'mailboxIds', 'receivedAt']);
  });

  it('fails a call alone: its reference, method, account or arguments are wrong', async () => {
    const { answers } = await jmap(
      user.account,
      ['Email/get', { '#ids': { resultOf: '9', name: 'Email/query', path: '/ids' } }],
      ['Weather/get', {}],
      ['Mailbox/get', { accountId: 'somebody-else' }],
      ['Email/get', { ids: 5 }],
      ['Email/get', { ids: ['Mnope'], properties: ['from'] }],
    );
    expect(answers.map(([name, { type, notFound }]) => [name, type ?? notFound])).toEqual([
      ['error', expect.stringMatching(/^(invalidR|r)esultReference$/)],
      ['error', 'unknownMethod'],
      ['error', 'accountNotFound'],
      ['error', 'invalidArguments'],
      ['Email/get', ['Mnope']],
    ]);
  });

  it('changes each message by its own patch, and refuses those alone that cannot be', async () => {
    const [inBoth = '', inOne = '', intoNowhere = '', unharmed = ''] = await addDays(4);
    const screener = await user.mailboxId('Screener');
    const feed = await user.mailboxId('@ToFeed');
    const { answers } = await jmap(user.account, [
      'Email/set',
      {
        update: {
          [inBoth]: { [`mailboxIds/${screener}`]: null },
          [inOne]: { [`mailboxIds/${screener}`]: null },
          [intoNowhere]: { 'mailboxIds/nope': true },
          [unharmed]: { [`mailboxIds/${feed}`]: null, 'keywords/$seen': true },
          Mnope: { [`mailboxIds/${screener}`]: true },
        },
      },
    ]);
    expect(answers[0]?.[1]).toMatchObject({
      updated: { [inBoth]: null, [unharmed]: null },
      notUpdated: {
        [inOne]: { type: 'invalidProperties', properties: ['mailboxIds'] },
        [intoNowhere]: { type: 'invalidProperties', properties: ['mailboxIds'] },
        Mnope: { type: 'notFound' },
      },
    });
    expect(await user.messages()).toMatchObject([
      { mailboxes: ['@ToFeed'] },
      { mailboxes: ['Screener'] },
      { mailboxes: ['@ToFeed', 'Screener'] },
      { mailboxes: ['Screener'], keywords: ['$seen'] },
    ]);
  });

  it('moves the state with every change, and with nothing else', async () => {
    const [id = ''] = await addDays(1);
    const before = await user.state();
    await user.messages();
    await user.cards();
    expect(await user.state()).toBe(before);
    await user.labelMessage(id, 'Inbox');
    expect(await user.state()).not.toBe(before);
  });

  it.each([
    ['too many calls', () => Array.from({ length: 51 }, () => ['Core/echo', {}] as const), 'maxCallsInRequest', 400],
    ['too many ids', () => [['Email/get', { ids: Array(4097).fill('M0') }] as const], 'maxObjectsInGet', 400],
    [
      'too many updates',
      () => [
        ['Email/set', { update: Object.fromEntries(Array.from({ length: 4097 }, (_, i) => [`M${i}`, {}])) }] as const,
      ],
      'maxObjectsInSet',
      400,
    ],
    ['too many bytes', () => [['Core/echo', { text: 'x'.repeat(10_485_761) }] as const], 'maxSizeRequest', 413],
  ])('refuses the whole request for %s', async (_, calls, limit, status) => {
    const reply = await jmap(user.account, ...calls());
    expect(reply).toMatchObject({ status, body: { type: 'urn:ietf:params:jmap:error:limit', limit } });
  });

  it.each([
    ['no JSON', 'nonsense', 'notJSON'],
    ['no request', '{"a":1}', 'notRequest'],
    ['an unknown capability', '{"using":["urn:nobody"],"methodCalls":[]}', 'unknownCapability'],
  ])('refuses what is %s', async (_, text, type) => {
    expect(await jmapText(user.account, text)).toMatchObject({
      status: 400,
      body: { type: `urn:ietf:params:jmap:error:${type}` },
    });
  });
});
