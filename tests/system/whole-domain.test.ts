import type { MailServer } from '../support/account';
import { contactTexts, filledGroups, judgedAccount, mailOf, resetAll } from '../support/judged-account';
import { killedAfterEachWrite } from '../support/killed';
import { runMailroom } from '../support/mailroom';
import { cycle, describeOnCyrus } from '../support/on-cyrus';
import { preparedOnce } from '../support/prepared-once';
import type { TestAccount } from '../support/test-account';
import { twoCyclesAtOnce } from '../support/two-cycles';

const OWN_CARDS = ['ann', 'bob'].map((name) =>
  [
    ...['BEGIN:VCARD', 'VERSION:3.0', `UID:${name}`, `FN:${name}`, `N:;${name};;;`],
    ...[`EMAIL;TYPE=WORK:${name}@shop.example`, 'NOTE:met in Rome', 'END:VCARD', ''],
  ].join('\n'),
);

/** The firm's mail: Ann has a verdict of her own, Bob is a contact without one. */
async function firmAccount(server: MailServer): Promise<TestAccount> {
  const account = await judgedAccount(server, 'domains');
  await account.putCards(OWN_CARDS);
  await account.addMember('Jail', 'ann');
  await account.addMessages([
    { subject: 'labelled', from: 'News <news@shop.example>', mailboxes: ['Screener', '@ToFeed', '@WholeDomain'] },
    { subject: 'other', from: 'SALES@Shop.Example', mailboxes: ['Screener', 'Mine'] },
    { subject: 'old', from: 'sales@shop.example', mailboxes: ['Paper Trail'] },
    { subject: 'ann', from: 'ann@shop.example', mailboxes: ['Jail'] },
    { subject: 'bob', from: 'bob@shop.example', mailboxes: ['Inbox'] },
    { subject: 'subdomain', from: 'x@my.shop.example', mailboxes: ['Screener'] },
    { subject: 'look-alike', from: 'x@shop.example.com', mailboxes: ['Screener'] },
  ]);
  await server.index(account.account);
  return account;
}

const OTHERS = { ann: ['Jail'], subdomain: ['Screener'], 'look-alike': ['Screener'] };
const IN_FEED = { labelled: ['Feed'], other: ['Feed', 'Mine'], old: ['Feed'], bob: ['Feed'], ...OTHERS };
const BACK = { labelled: ['Screener'], other: ['Mine', 'Screener'], old: ['Screener'], bob: ['Screener'], ...OTHERS };

async function idOf(account: TestAccount, wanted: string): Promise<string> {
  return (await account.messages()).find(({ subject }) => subject === wanted)?.id ?? '';
}

async function ask(account: TestAccount, subject: string, label: string): Promise<void> {
  const id = await idOf(account, subject);
  for (const one of [label, '@WholeDomain']) await account.labelMessage(id, one);
}

describeOnCyrus('A verdict on a whole domain, on Cyrus', (cyrus) => {
  const firm = preparedOnce(cyrus, firmAccount);

  it('is given, repeated, changed and taken back', async () => {
    const account = await firm();
    const before = await account.state();
    const dry = await runMailroom(['--once', '--dry-run'], { account: account.account });
    expect(dry.records).toContainEqual(
      expect.objectContaining({
        message: 'Would triage all of shop.example to Feed',
        contact: { create: 'shop.example', note: expect.stringMatching(/^Mailroom [-0-9]{10}: Feed$/) },
        joins: ['Feed domains'],
        under: ['bob@shop.example'],
      }),
    );
    expect(await account.state()).toBe(before);

    const triaged = await runMailroom(['--once'], { account: account.account });
    expect(triaged.records).toContainEqual(
      expect.objectContaining({
        message: 'Triaged',
        domain: 'shop.example',
        category: 'Feed',
        contactsUnder: 1,
        under: ['bob@shop.example'],
      }),
    );
    expect(triaged.records.at(-1)).toMatchObject({ triaged: 0, domains: 1, filed: 4, contactsCreated: 1 });
    expect(await mailOf(account)).toEqual(IN_FEED);
    expect(await filledGroups(account)).toEqual({ Jail: 1, 'Feed domains': 1 });
    expect((await account.contactOf('*@shop.example')).text).toMatch(
      /^FN:shop\.example\r\n(?:.*\r\n)*ORG:shop\.example\r\n(?:.*\r\n)*NOTE:Mailroom [-0-9]{10}: Feed\r$/m,
    );
    const done = await account.state();
    await cycle(account);
    expect(await account.state()).toBe(done);

    await ask(account, 'other', '@ToFeed');
    await cycle(account);
    expect(await mailOf(account)).toEqual(IN_FEED);
    const { text } = await account.contactOf('*@shop.example');
    expect(text.match(/Mailroom 20/g)).toHaveLength(1);

    await ask(account, 'other', '@ToJail');
    await cycle(account);
    expect((await mailOf(account))['old']).toEqual(['Jail']);
    expect(await filledGroups(account)).toEqual({ Jail: 1, 'Jail domains': 1 });
    const told = await runMailroom(['history', '*@shop.example'], { account: account.account });
    expect(told.stdout).toMatch(/\*@shop\.example +shop\.example +Feed → Jail\n/);

    await ask(account, 'old', '@ToScreener');
    expect(await cycle(account)).toMatchObject({ takenBack: 1 });
    expect(await mailOf(account)).toEqual(BACK);
    expect(await filledGroups(account)).toEqual({ Jail: 1 });
    expect(await contactTexts(account)).toHaveLength(OWN_CARDS.length);
    for (const each of await contactTexts(account)) expect(each).toMatch(/NOTE:met in Rome\r/);
  });

  it('is taken back for one sender alone where that has a verdict of its own', async () => {
    const account = await firm();
    await cycle(account);
    for (const subject of ['ann', 'other']) await account.labelMessage(await idOf(account, subject), '@ToScreener');
    const { records } = await runMailroom(['--once'], { account: account.account });
    expect(records).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        message: "There is nothing to take back: the sender's verdict is its domain's",
        sender: 'sales@shop.example',
      }),
    );
    expect(await account.mailboxesOf('ann')).toEqual(['Feed']);
    expect(await account.mailboxesOf('other')).toEqual(['@MailroomError', '@ToScreener', 'Feed', 'Mine']);
    expect(await filledGroups(account)).toEqual({ 'Feed domains': 1 });
    const explained = await runMailroom(['explain', 'sales@shop.example'], { account: account.account });
    expect(explained.status).toBe(0);
  });

  it('takes a domain for spam, but for the user’s own contacts and other verdicts', async () => {
    const account = await firm();
    await cycle(account);
    await ask(account, 'other', '@ToSpam');
    expect(await cycle(account)).toMatchObject({ spam: 1 });
    const spam = { labelled: ['Junk'], other: ['Junk', 'Mine'], old: ['Junk'] };
    expect(await mailOf(account)).toEqual({ ...spam, bob: ['Screener'], ...OTHERS });
    expect(await filledGroups(account)).toEqual({ Jail: 1 });
    expect(await contactTexts(account)).toHaveLength(OWN_CARDS.length);
  });

  it('is refused on public domains, on the user’s own, and in conflict', async () => {
    const account = await judgedAccount(cyrus(), 'domains', `me-${Date.now()}@own.example`);
    const asked = (subject: string, from: string, ...labels: readonly string[]) =>
      account.addMessage({ subject, from, mailboxes: ['Screener', '@WholeDomain', ...labels] });
    await asked('public', 'win@gmail.com', '@ToFeed');
    await asked('own', 'boss@own.example', '@ToFeed');
    await asked('conflict', 'a@x.example', '@ToFeed');
    await asked('conflict too', 'b@x.example', '@ToJail');
    await account.addMessage({ subject: 'modifier alone', mailboxes: ['Screener', '@WholeDomain'] });
    const { records } = await runMailroom(['--once'], { account: account.account });
    const warned = records.filter(({ level }) => level === 'warn').map(({ message, domain }) => [domain, message]);
    expect(warned.sort()).toEqual([
      ['gmail.com', 'The addresses of the domain belong to people who have nothing to do with each other'],
      ['own.example', "The domain is one of the user's own"],
      ['x.example', expect.stringContaining('Conflict')],
    ]);
    const mail = await mailOf(account);
    for (const subject of ['public', 'own', 'conflict', 'conflict too']) {
      expect([subject, mail[subject]]).toEqual([subject, expect.arrayContaining(['@MailroomError', 'Screener'])]);
    }
    expect(mail['modifier alone']).toEqual(['@WholeDomain', 'Screener']);
    expect(await filledGroups(account)).toEqual({});
    expect(await contactTexts(account)).toEqual([]);
  });

  it('files what slips past the rules later', async () => {
    const account = await firm();
    await cycle(account);
    const receivedAt = `${new Date(Date.now() - 60_000).toISOString().slice(0, 19)}Z`;
    const late = (subject: string, from: string) => ({ subject, from, mailboxes: ['Screener'], receivedAt });
    await account.addMessages([
      late('late', 'new@shop.example'),
      late('late ann', 'ann@shop.example'),
      late('late look-alike', 'x@shop.example.com'),
    ]);
    const { records } = await runMailroom(['--once'], { account: account.account });
    expect(records).toContainEqual(
      expect.objectContaining({ domain: 'shop.example', sender: 'new@shop.example', category: 'Feed', filed: 1 }),
    );
    const mail = await mailOf(account);
    expect([mail['late'], mail['late ann'], mail['late look-alike']]).toEqual([['Feed'], ['Jail'], ['Screener']]);
  });

  it('is taken back by reset, contacts and mail', async () => {
    const account = await firm();
    const before = await contactTexts(account);
    await cycle(account);
    expect(await resetAll(account)).toContain('5 messages of 4 senders');
    // Whoever got into a managed group by hand is in none afterwards, as ever.
    expect(await mailOf(account)).toEqual({ ...BACK, ann: ['Screener'] });
    expect(await filledGroups(account)).toEqual({});
    expect(await contactTexts(account)).toEqual(before);
  });

  it.each([
    ['is given', '@ToFeed', IN_FEED, { Jail: 1, 'Feed domains': 1 }, 1],
    [
      'is changed',
      '@ToJail',
      Object.fromEntries(
        Object.entries(IN_FEED).map(([key, mailboxes]) => [
          key,
          mailboxes.map((one) => (one === 'Feed' ? 'Jail' : one)),
        ]),
      ),
      { Jail: 1, 'Jail domains': 1 },
      1,
    ],
    ['is taken back', '@ToScreener', BACK, { Jail: 1 }, 0],
  ] as const)(
    'is finished by the next cycle, killed after whichever write when it %s',
    async (_, label, mail, groups, made) => {
      const account = await firm();
      if (label !== '@ToFeed') {
        await cycle(account);
        await ask(account, 'old', label);
      }
      const writes = await killedAfterEachWrite(cyrus(), account, ['--once'], async (answered) => {
        expect((await account.messages()).every(({ mailboxes }) => mailboxes.length > 0)).toBe(true);
        await cycle(account);
        expect({ answered, mail: await mailOf(account) }).toEqual({ answered, mail });
        expect({ answered, groups: await filledGroups(account) }).toEqual({ answered, groups });
        expect(await contactTexts(account)).toHaveLength(OWN_CARDS.length + made);
      });
      expect(writes).toBeGreaterThan(2);
    },
    180_000,
  );

  it('files 300 senders in a few requests, and by two cycles at once as by one', async () => {
    const account = await judgedAccount(cyrus(), 'domains');
    const senders = Array.from({ length: 300 }, (_, index) => `s${index}@shop.example`);
    await account.addMessages(senders.map((from) => ({ subject: from, from, mailboxes: ['Screener'] })));
    await ask(account, senders[0] ?? '', '@ToFeed');
    const requests = await twoCyclesAtOnce(account, cyrus().origin);
    const of = (pattern: RegExp) => requests.filter(({ kind }) => pattern.test(kind)).length;
    expect(of(/Email\//)).toBeLessThan(9);
    expect(of(/^(REPORT|GET|PUT)/)).toBeLessThan(16);
    expect(new Set(Object.values(await mailOf(account)).flat())).toEqual(new Set(['Feed']));
    expect(await contactTexts(account)).toHaveLength(1);
    expect(await filledGroups(account)).toEqual({ 'Feed domains': 1 });
  }, 60_000);
});
