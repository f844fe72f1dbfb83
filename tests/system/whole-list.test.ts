import type { MailServer } from '../support/account';
import { contactTexts, filledGroups, judgedAccount, mailOf, resetAll } from '../support/judged-account';
import { killedAfterEachWrite } from '../support/killed';
import { runMailroom } from '../support/mailroom';
import { cycle, describeOnCyrus } from '../support/on-cyrus';
import { preparedOnce } from '../support/prepared-once';
import type { TestAccount } from '../support/test-account';
import { twoCyclesAtOnce } from '../support/two-cycles';

const LIST = 'posts@list.example';
const HEADERS = { To: `Posts <${LIST}>`, 'List-Post': `<https://list.example/post>, <mailto:${LIST}>` };
const CC = { To: 'eve@x.example', Cc: `me@home.example, POSTS@List.Example` };
const ANN = [
  ...['BEGIN:VCARD', 'VERSION:3.0', 'UID:ann', 'FN:Ann', 'N:;Ann;;;', 'EMAIL;TYPE=WORK:ann@shop.example'],
  ...['NOTE:met in Rome', 'END:VCARD', ''],
].join('\n');

/** The list's mail, in which Ann has a verdict of her own. */
async function subscribedAccount(server: MailServer): Promise<TestAccount> {
  const account = await judgedAccount(server, 'lists');
  await account.putCard(ANN);
  await account.addMember('Jail', 'ann');
  await account.addMessages([
    {
      subject: 'labelled',
      from: 'Eve <eve@x.example>',
      headers: HEADERS,
      mailboxes: ['Screener', '@ToFeed', '@WholeList'],
    },
    { subject: 'other', from: 'dan@y.example', headers: HEADERS, mailboxes: ['Screener', 'Mine'] },
    { subject: 'copy', from: 'eve@x.example', headers: CC, mailboxes: ['Paper Trail'] },
    { subject: 'ann', from: 'ann@shop.example', headers: HEADERS, mailboxes: ['Jail'] },
    { subject: 'to me', from: 'dan@y.example', headers: { To: 'me@home.example' }, mailboxes: ['Screener'] },
    { subject: 'look-alike', from: 'dan@y.example', headers: { To: `${LIST}.com` }, mailboxes: ['Screener'] },
    { subject: 'from the list', from: LIST, headers: { To: 'me@home.example' }, mailboxes: ['Screener'] },
  ]);
  await server.index(account.account);
  return account;
}

const OTHERS = { ann: ['Jail'], 'to me': ['Screener'], 'look-alike': ['Screener'], 'from the list': ['Screener'] };
const IN_FEED = { labelled: ['Feed'], other: ['Feed', 'Mine'], copy: ['Feed'], ...OTHERS };
const IN_JAIL = { labelled: ['Jail'], other: ['Jail', 'Mine'], copy: ['Jail'], ...OTHERS };
const BACK = { labelled: ['Screener'], other: ['Mine', 'Screener'], copy: ['Screener'], ...OTHERS };

async function ask(account: TestAccount, wanted: string, ...labels: readonly string[]): Promise<void> {
  const id = (await account.messages()).find(({ subject }) => subject === wanted)?.id ?? '';
  for (const label of labels) await account.labelMessage(id, label);
}

describeOnCyrus('A verdict on a mailing list, on Cyrus', (cyrus) => {
  const subscribed = preparedOnce(cyrus, subscribedAccount);

  it('is given, repeated, changed and taken back', async () => {
    const account = await subscribed();
    const before = await account.state();
    const dry = await runMailroom(['--once', '--dry-run'], { account: account.account });
    expect(dry.records).toContainEqual(
      expect.objectContaining({
        message: `Would triage the list ${LIST} to Feed`,
        contact: { create: LIST, note: expect.stringContaining(`Feed <list:${LIST}>`) },
        joins: ['Feed lists'],
      }),
    );
    expect(await account.state()).toBe(before);

    const triaged = await runMailroom(['--once'], { account: account.account });
    expect(triaged.records).toContainEqual(
      expect.objectContaining({ message: 'Triaged', list: LIST, category: 'Feed', contact: 'created' }),
    );
    expect(triaged.records.at(-1)).toMatchObject({
      message: 'Triaged 1 mailing list, filed 3 messages, 1 contact made',
      triaged: 0,
      lists: 1,
    });
    expect(await mailOf(account)).toEqual(IN_FEED);
    expect(await filledGroups(account)).toEqual({ Jail: 1, 'Feed lists': 1 });
    const done = await account.state();
    await cycle(account);
    expect(await account.state()).toBe(done);

    await ask(account, 'other', '@ToFeed', '@WholeList');
    await cycle(account);
    expect((await account.contactOf(LIST)).text.match(/Mailroom 20/g)).toHaveLength(1);

    await ask(account, 'other', '@ToJail', '@WholeList');
    await cycle(account);
    expect(await mailOf(account)).toEqual(IN_JAIL);
    expect(await filledGroups(account)).toEqual({ Jail: 1, 'Jail lists': 1 });
    const told = await runMailroom(['history', LIST], { account: account.account });
    expect(told.stdout).toMatch(/list:posts@list\.example +posts@list\.example +Feed → Jail\n/);

    await ask(account, 'labelled', '@ToScreener', '@WholeList');
    expect(await cycle(account)).toMatchObject({ takenBack: 1 });
    expect(await mailOf(account)).toEqual(BACK);
    expect(await filledGroups(account)).toEqual({ Jail: 1 });
    expect(await contactTexts(account)).toHaveLength(1);
  });

  it('shares the contact of the posting address with a verdict on that as a sender', async () => {
    const account = await subscribed();
    await ask(account, 'from the list', '@ToJail');
    expect(await cycle(account)).toMatchObject({ triaged: 1, lists: 1 });
    expect(await contactTexts(account)).toHaveLength(2);
    expect(await filledGroups(account)).toEqual({ Jail: 2, 'Feed lists': 1 });
    expect(await mailOf(account)).toEqual({ ...IN_FEED, 'from the list': ['Jail'] });
    await ask(account, 'other', '@ToScreener', '@WholeList');
    await cycle(account);
    const { text } = await account.contactOf(LIST);
    expect(text).toMatch(/^NOTE:Mailroom [-0-9]{10}: Jail\r$/m);
    expect(await filledGroups(account)).toEqual({ Jail: 2 });
    expect(await mailOf(account)).toEqual({ ...BACK, 'from the list': ['Jail'] });
  });

  it('takes a list for spam, but for other verdicts', async () => {
    const account = await subscribed();
    await cycle(account);
    await ask(account, 'other', '@ToSpam', '@WholeList');
    expect(await cycle(account)).toMatchObject({ spam: 1 });
    expect(await mailOf(account)).toEqual({ labelled: ['Junk'], other: ['Junk', 'Mine'], copy: ['Junk'], ...OTHERS });
    expect(await filledGroups(account)).toEqual({ Jail: 1 });
  });

  it('is refused where the message is of no list, or not addressed to it, and in conflict', async () => {
    const account = await judgedAccount(cyrus(), 'lists');
    const asked = (subject: string, headers: Readonly<Record<string, string>>, ...labels: readonly string[]) =>
      account.addMessage({
        subject,
        from: `${subject}@x.example`,
        headers,
        mailboxes: ['Screener', '@WholeList', ...labels],
      });
    await asked('no-list', { To: LIST }, '@ToFeed');
    await asked('closed', { To: LIST, 'List-Post': 'NO (posting not allowed)' }, '@ToFeed');
    await asked('elsewhere', { ...HEADERS, To: 'me@home.example' }, '@ToFeed');
    await asked('one', HEADERS, '@ToFeed');
    await asked('two', HEADERS, '@ToJail');
    await asked('modifier-alone', HEADERS);
    const { records } = await runMailroom(['--once'], { account: account.account });
    const warned = records
      .filter(({ level }) => level === 'warn')
      .map(({ message, sender, list }) => [sender ?? list, message]);
    expect(warned.sort()).toEqual([
      ['closed@x.example', 'A labelled message does not say where its mailing list is posted to'],
      ['elsewhere@x.example', 'A labelled message is not addressed to the mailing list that it names'],
      ['no-list@x.example', 'A labelled message does not say where its mailing list is posted to'],
      [LIST, expect.stringContaining('Conflict')],
    ]);
    expect(records.at(-1)).toMatchObject({ impossible: 3, conflicts: 1, triaged: 0, lists: 0 });
    const mail = Object.entries(await mailOf(account));
    expect(mail.filter(([, mailboxes]) => mailboxes.includes('@MailroomError'))).toHaveLength(5);
    expect(await contactTexts(account)).toEqual([]);
  });

  it('files what slips past the rules later', async () => {
    const account = await subscribed();
    await cycle(account);
    const receivedAt = `${new Date(Date.now() - 60_000).toISOString().slice(0, 19)}Z`;
    const late = { mailboxes: ['Screener'], headers: HEADERS, receivedAt };
    await account.addMessages([
      { ...late, subject: 'late', from: 'new@z.example' },
      { ...late, subject: 'late ann', from: 'ann@shop.example' },
      { ...late, subject: 'late to me', from: 'new@z.example', headers: { To: 'me@home.example' } },
    ]);
    expect(await cycle(account)).toMatchObject({ swept: 2 });
    const mail = await mailOf(account);
    expect([mail['late'], mail['late ann'], mail['late to me']]).toEqual([['Feed'], ['Jail'], ['Screener']]);
  });

  it('is taken back by reset, contacts and mail', async () => {
    const account = await subscribed();
    const before = await contactTexts(account);
    await cycle(account);
    expect(await resetAll(account)).toContain('4 messages of 3 senders');
    // Whoever got into a managed group by hand is in none afterwards, as ever.
    expect(await mailOf(account)).toEqual({ ...BACK, ann: ['Screener'] });
    expect(await filledGroups(account)).toEqual({});
    expect(await contactTexts(account)).toEqual(before);
  });

  it.each([
    ['is given', ['@ToFeed'], IN_FEED, { Jail: 1, 'Feed lists': 1 }, 2],
    ['is taken back', ['@ToScreener', '@WholeList'], BACK, { Jail: 1 }, 1],
  ] as const)(
    'is finished by the next cycle, killed after whichever write when it %s',
    async (_, labels, mail, groups, contacts) => {
      const account = await subscribed();
      if (labels[0] !== '@ToFeed') {
        await cycle(account);
        await ask(account, 'labelled', ...labels);
      }
      const writes = await killedAfterEachWrite(cyrus(), account, ['--once'], async (answered) => {
        expect((await account.messages()).every(({ mailboxes }) => mailboxes.length > 0)).toBe(true);
        await cycle(account);
        expect({ answered, mail: await mailOf(account) }).toEqual({ answered, mail });
        expect({ answered, groups: await filledGroups(account) }).toEqual({ answered, groups });
        expect(await contactTexts(account)).toHaveLength(contacts);
      });
      expect(writes).toBeGreaterThan(2);
    },
    180_000,
  );

  it('files mail of 300 senders in the requests of their addresses, and by two cycles at once as by one', async () => {
    const account = await judgedAccount(cyrus(), 'lists');
    const senders = Array.from({ length: 300 }, (_, index) => `s${index}@d${index}.example`);
    await account.addMessages(
      senders.map((from) => ({ subject: from, from, headers: HEADERS, mailboxes: ['Screener'] })),
    );
    await ask(account, senders[0] ?? '', '@ToFeed', '@WholeList');
    const requests = await twoCyclesAtOnce(account, cyrus().origin);
    const of = (pattern: RegExp) => requests.filter(({ kind }) => pattern.test(kind)).length;
    expect(of(/Email\//)).toBeLessThan(9);
    // 50 addresses in a request.
    expect(of(/^(REPORT|GET|PUT)/)).toBeLessThan(24);
    expect(new Set(Object.values(await mailOf(account)).flat())).toEqual(new Set(['Feed']));
    expect(await contactTexts(account)).toHaveLength(1);
    expect(await filledGroups(account)).toEqual({ 'Feed lists': 1 });
  }, 60_000);
});
