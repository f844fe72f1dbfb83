import { runHere } from '../support/bundle-here';
import { PROGRAM, runMailroom } from '../support/mailroom';
import { cycle, describeOnCyrus } from '../support/on-cyrus';
import { preparedOnce } from '../support/prepared-once';
import { GROUPS, screenedAccount, type TestAccount } from '../support/test-account';

const ADDRESS = 'ann@sender.example';
const ANN = `Ann <${ADDRESS}>`;
const NOBODY = {
  ...{ category: null, by: null, verdicts: [], under: [], lists: [], list: null },
  ...{ groups: [], contacts: [], domainContacts: [], unreadable: [], cautions: [], history: [] },
};
const DOMAIN_GROUPS = GROUPS.map((name) => `${name} domains`);
const LIST_GROUPS = GROUPS.map((name) => `${name} lists`);
const TODAY = new Date().toISOString().slice(0, 10);

interface Explanation {
  readonly contacts: readonly { readonly uid: string; readonly name: string; readonly own: boolean }[];
  readonly next: Readonly<Record<string, unknown>>;
  readonly [fact: string]: unknown;
}

async function explain({ account }: TestAccount, address = ADDRESS): Promise<Explanation> {
  const { status, stdout, stderr } = await runHere(['explain', address, '--json'], { account });
  if (status !== 0) throw new Error(`explain ended with ${status}: ${stdout}${stderr}`);
  return JSON.parse(stdout);
}

function card(uid: string, addresses: readonly string[], lines: readonly string[] = []): string {
  const emails = addresses.map((address) => `EMAIL:${address}`);
  return ['BEGIN:VCARD', 'VERSION:3.0', `UID:${uid}`, 'FN:Ann', 'N:;Ann;;;', ...emails, ...lines, 'END:VCARD', ''].join(
    '\n',
  );
}

describeOnCyrus('Explaining a sender', (cyrus) => {
  const screened = preparedOnce(cyrus, screenedAccount);

  it('counts mail with other From addresses as well for itself, and says what becomes of it', async () => {
    const account = await screened();
    await account.addMessage({ from: ANN, mailboxes: ['Screener'] });
    await account.addMessage({ from: `${ANN}, bob@x.example`, mailboxes: ['Screener'] });
    await account.addMessage({ from: `${ANN}, bob@x.example`, mailboxes: ['Screener', '@ToFeed'] });
    const text = `put the error label on 1 message: it has several From addresses (${ADDRESS}, bob@x.example)`;
    expect(await explain(account)).toMatchObject({
      messages: 1,
      shared: 2,
      mailboxes: { Screener: 1 },
      next: { does: 'object', text, messages: 1 },
    });
    const { stdout } = await runMailroom(['explain', ADDRESS], { account: account.account });
    expect(stdout).toContain('2 messages with other From addresses as well');
    await account.addMessage({ from: ANN, mailboxes: ['Screener', '@ToFeed'] });
    expect(await explain(account)).toMatchObject({ next: { does: 'triage', text: expect.stringContaining(text) } });
  });

  it('follows a sender from its first message through a triage to a re-triage', async () => {
    const account = await screened();
    const first = await account.addMessage({ from: ANN, mailboxes: ['Screener'] });
    await account.addMessage({ from: 'ANN@Sender.Example', mailboxes: ['Screener', 'Inbox'] });
    await account.addMessage({ from: 'joann@sender.example', mailboxes: ['Screener'] });

    const unknown = { sender: ADDRESS, ...NOBODY, messages: 2, shared: 0 };
    const before = await account.state();
    expect(await explain(account)).toEqual({
      ...unknown,
      mailboxes: { Inbox: 1, Screener: 2 },
      labels: {},
      newMail: ['Screener'],
      next: { does: 'nothing', text: 'nothing: no message carries a triage label', leftAlone: 0 },
    });
    expect(await account.state()).toBe(before);

    await account.labelMessage(first, '@ToFeed');
    expect(await explain(account, 'Ann@SENDER.example')).toEqual({
      ...unknown,
      mailboxes: { '@ToFeed': 1, Inbox: 1, Screener: 2 },
      labels: { '@ToFeed': 1 },
      newMail: ['Screener'],
      next: expect.objectContaining({
        does: 'triage',
        category: 'Feed',
        from: null,
        contact: 'create',
        joins: ['Feed'],
        leaves: [],
        moves: [
          { messages: 1, add: ['Feed'], remove: expect.arrayContaining(['@ToFeed', 'Screener']) },
          { messages: 1, add: ['Feed'], remove: expect.arrayContaining(['Inbox', 'Screener']) },
        ],
      }),
    });

    await cycle(account);
    const triaged = await explain(account);
    expect(triaged).toMatchObject({
      category: 'Feed',
      by: 'sender',
      groups: ['Feed'],
      contacts: [{ name: 'Ann', own: true }],
      domainContacts: [],
      history: [{ date: TODAY, category: 'Feed', from: null }],
      mailboxes: { Feed: 2 },
      labels: {},
      newMail: ['Feed'],
      next: { does: 'nothing' },
    });

    await account.labelMessage(first, '@ToJail');
    await cyrus().index(account.account);
    expect((await explain(account)).next).toMatchObject({
      does: 'triage',
      category: 'Jail',
      from: 'Feed',
      contact: 'change',
      joins: ['Jail'],
      leaves: ['Feed'],
    });

    await cycle(account);
    expect(await explain(account)).toMatchObject({
      category: 'Jail',
      groups: ['Jail'],
      history: [{ category: 'Feed' }, { category: 'Jail', from: 'Feed' }],
      mailboxes: { Jail: 2 },
      newMail: ['Jail'],
      next: { does: 'nothing' },
    });
  });

  it('tells of a conflict before and after the cycle that marks it', async () => {
    const account = await screened();
    const message = await account.addMessage({ from: ANN, mailboxes: ['Screener', '@ToFeed', '@ToJail'] });
    const { next } = await explain(account);
    expect(next).toMatchObject({ does: 'object', messages: 1 });
    expect([...(next.categories as readonly string[])].sort()).toEqual(['Feed', 'Jail']);
    await cycle(account);
    expect(await explain(account)).toMatchObject({
      category: null,
      contacts: [],
      labels: { '@MailroomError': 1, '@ToFeed': 1, '@ToJail': 1 },
      next: { does: 'nothing', leftAlone: 1 },
    });
    await account.unlabelMessage(message, '@ToJail');
    await account.unlabelMessage(message, '@MailroomError');
    expect((await explain(account)).next).toMatchObject({ does: 'triage', category: 'Feed' });
  });

  it('tells of both contacts with the address, before and after their triage', async () => {
    const account = await screened();
    await account.putCards([card('b-card', [ADDRESS]), card('a-card', ['ann@work.example', 'ANN@sender.example'])]);
    await account.makeGroup({ name: 'Family', members: ['b-card'] });
    const message = await account.addMessage({ from: ANN, mailboxes: ['Screener', '@ToJail'] });
    const before = await explain(account);
    expect(before).toMatchObject({ category: null, groups: ['Family'], newMail: ['Inbox'] });
    expect(before.contacts).toHaveLength(2);
    expect(before.next).toMatchObject({ does: 'triage', contact: 'change', joins: ['Jail'] });
    await cycle(account);
    const after = await explain(account);
    expect(after).toMatchObject({ category: 'Jail', mailboxes: { Jail: 1 }, history: [{ sender: ADDRESS }] });
    expect([...(after.groups as readonly string[])].sort()).toEqual(['Family', 'Jail']);
    expect(after.contacts).toContainEqual(expect.objectContaining({ uid: 'a-card', groups: ['Jail'], own: false }));
    await account.labelMessage(message, '@ToFeed');
    expect((await explain(account)).next).toMatchObject({ joins: ['Feed'], leaves: ['Jail'] });
  });

  it("tells of a contact that stands for the sender's whole domain, as the server's rules take it", async () => {
    const account = await screenedAccount(cyrus());
    await account.putCard(card('shop', ['*@Shop.example']).replace('FN:Ann', 'FN:The shop'));
    await account.makeGroup({ name: 'Friends', members: ['shop'] });
    const sieve = await runHere(['setup', '--sieve'], { account: account.account });
    await cyrus().installSieve(account.account, sieve.stdout);
    const deliver = async (subject: string, from: string): Promise<readonly string[]> => {
      const lines = [
        `From: ${from}`,
        'To: me@example.com',
        `Subject: ${subject}`,
        `Message-ID: <${subject}@seed.example>`,
      ];
      await cyrus().deliver(account.account, [...lines, '', 'Hello.', ''].join('\r\n'));
      return account.mailboxesOf(subject);
    };

    const friend = await explain(account, 'news@shop.example');
    expect(friend).toMatchObject({ category: null, by: null, newMail: ['Inbox'], contacts: [] });
    expect(friend).toMatchObject({ domainContacts: [{ name: 'The shop', groups: ['Friends'] }] });
    expect(await deliver('friend', 'news@shop.example')).toEqual(['Inbox']);

    await account.addMember('Feed', 'shop');
    for (const [subject, address] of [
      ['member', 'news@shop.example'],
      ['shouting', 'NEWS@SHOP.EXAMPLE'],
    ] as const) {
      expect(await explain(account, address)).toMatchObject({ category: 'Feed', by: 'domain', newMail: ['Feed'] });
      expect(await deliver(subject, address)).toEqual(['Feed']);
    }
    for (const [subject, address] of [
      ['below', 'news@mail.shop.example'],
      ['similar', 'news@myshop.example'],
    ] as const) {
      expect(await explain(account, address)).toMatchObject({ ...NOBODY, newMail: ['Screener'] });
      expect(await deliver(subject, address)).toEqual(['Screener']);
    }

    await account.putCard(card('ann', ['ann@shop.example']));
    await account.addMember('Jail', 'ann');
    expect(await explain(account, 'ann@shop.example')).toMatchObject({
      category: 'Jail',
      by: 'sender',
      groups: ['Jail'],
      newMail: ['Feed', 'Jail'],
    });
    expect(await deliver('own', 'ann@shop.example')).toEqual(['Feed', 'Jail']);
    const own = await runHere(['explain', 'ann@shop.example'], { account: account.account });
    expect(own.stdout).toContain('Category    Jail, its own verdict, which wins over Feed of its domain\n');

    const { stdout } = await runMailroom(['explain', 'news@shop.example'], { account: account.account });
    expect(stdout.split('\n').slice(1, 6)).toEqual([
      'Category    Feed, by its domain',
      'Contact     none',
      'Groups      none',
      expect.stringMatching(/^Domain {6}The shop <\*@Shop\.example>, in (Friends, Feed|Feed, Friends)$/),
      'History     none',
    ]);
  });

  it('knows nothing of an address that nobody writes from', async () => {
    const account = await screened();
    await account.addMessage({ from: ANN, mailboxes: ['Screener', '@ToFeed'] });
    expect(await explain(account, 'nobody@sender.example')).toMatchObject({
      sender: 'nobody@sender.example',
      category: null,
      groups: [],
      contacts: [],
      history: [],
      messages: 0,
      mailboxes: {},
      next: { does: 'nothing' },
    });
  });

  it('finds mail outside what Mailroom files: what is recent by itself, older mail by the index', async () => {
    const account = await screenedAccount(cyrus());
    await account.makeMailboxes(['Archive', 'Projects', 'Projects/Feed']);
    const now = `${new Date().toISOString().slice(0, 19)}Z`;
    await account.addMessage({ from: ANN, mailboxes: ['Archive'], receivedAt: now });
    await account.addMessage({ from: ANN, mailboxes: ['Feed', 'Projects/Feed'] });
    expect(await explain(account)).toMatchObject({ mailboxes: { Archive: 1, Feed: 1, 'Projects/Feed': 1 } });
    await account.addMessage({ from: ANN, mailboxes: ['Archive'] });
    await account.addMessage({ from: 'joann@sender.example', mailboxes: ['Archive'] });
    await cyrus().index(account.account);
    expect(await explain(account)).toMatchObject({ messages: 3, mailboxes: { Archive: 2 } });
  });

  it('of all of a domain says what holds there, who falls under it, and what the next cycle would do', async () => {
    const account = await screenedAccount(cyrus());
    await account.makeMailboxes(['@WholeDomain']);
    await account.makeGroups(DOMAIN_GROUPS);
    await account.putCards([
      card('ben', ['ben@shop.example']),
      card('cy', ['cy@shop.example']),
      card('dan', ['dan@mail.shop.example']),
    ]);
    await account.addMember('Jail', 'cy');
    await account.addMessage({ from: 'News <news@shop.example>', mailboxes: ['Screener', '@ToFeed', '@WholeDomain'] });
    await account.addMessage({ from: 'other@Shop.example', mailboxes: ['Screener'] });
    await account.addMessage({ from: 'x@mail.shop.example', mailboxes: ['Screener'] });

    const before = await explain(account, 'shop.example');
    expect(before).toMatchObject({ sender: '*@shop.example', ...NOBODY, messages: 2, mailboxes: { Screener: 2 } });
    expect(before.next).toMatchObject({ does: 'triage', category: 'Feed', joins: ['Feed domains'] });
    // Another sender of the domain is told as well, and one below the domain is not.
    expect((await explain(account, 'other@shop.example')).next).toMatchObject({ category: 'Feed' });
    expect((await explain(account, 'x@mail.shop.example')).next).toMatchObject({ does: 'nothing' });

    await cycle(account);
    const verdict = { on: 'domain', category: 'Feed' };
    const after = { category: 'Feed', by: 'domain', verdicts: [verdict], under: ['ben@shop.example'] };
    expect(await explain(account, 'SHOP.example')).toMatchObject({
      ...after,
      groups: ['Feed domains'],
      contacts: [{ name: 'shop.example', own: true }],
      messages: 2,
      mailboxes: { Feed: 2 },
      newMail: ['Feed'],
      next: { does: 'nothing' },
    });
    expect(await explain(account, 'any@shop.example')).toMatchObject({ ...after, contacts: [], messages: 0 });
    expect(await explain(account, 'cy@shop.example')).toMatchObject({
      category: 'Jail',
      by: 'sender',
      verdicts: [{ on: 'sender', category: 'Jail' }, verdict],
      newMail: ['Jail'],
    });
    expect(await explain(account, 'x@mail.shop.example')).toMatchObject(NOBODY);
    const { stdout } = await runMailroom(['explain', 'shop.example'], { account: account.account });
    expect(stdout.split('\n').slice(0, 5)).toEqual([
      'Domain      shop.example',
      'Category    Feed',
      'Contact     shop.example <*@shop.example>, made by Mailroom',
      'Groups      Feed domains',
      'Under it    1 contact of your own without a verdict: ben@shop.example',
    ]);
  });

  it('of where a mailing list is posted to says what holds for its mail, and of who writes there by which list', async () => {
    const account = await screenedAccount(cyrus());
    await account.makeMailboxes(['@WholeList']);
    await account.makeGroups(LIST_GROUPS);
    const POSTS = 'posts@list.example';
    const post = (from: string, subject: string, ...mailboxes: readonly string[]) =>
      account.importMessage(
        Buffer.from(
          [
            ...[`From: ${from}`, `To: ${POSTS}`, `Subject: ${subject}`, `Message-ID: <${subject}@list.example>`],
            ...[`List-Post: <mailto:${POSTS}>`, '', 'x', ''],
          ].join('\r\n'),
        ),
        mailboxes,
      );
    await post(ANN, 'one', 'Screener', '@ToFeed', '@WholeList');
    await post('ben@x.example', 'two', 'Screener');
    const before = await explain(account, POSTS);
    expect(before).toMatchObject({
      ...NOBODY,
      list: { category: null, messages: 2, newMail: ['Screener'] },
      messages: 0,
    });
    expect(before.next).toMatchObject({ does: 'triage', category: 'Feed', joins: ['Feed lists'] });

    await cycle(account);
    expect(await explain(account, POSTS)).toMatchObject({
      category: null,
      by: null,
      list: { category: 'Feed', messages: 2, newMail: ['Feed'] },
      groups: ['Feed lists'],
      newMail: ['Screener'],
    });
    expect(await explain(account)).toMatchObject({
      ...NOBODY,
      lists: [{ list: POSTS, category: 'Feed', messages: 1 }],
    });
    const text = (await runMailroom(['explain', POSTS], { account: account.account })).stdout.replace(/\s+/g, ' ');
    expect(text).toContain(
      'List Feed, for senders that have no verdict, nor their domain; 2 messages from it; new mail',
    );
    const ann = (await runHere(['explain', ADDRESS], { account: account.account })).stdout;
    expect(ann).toContain(`By lists    1 message by ${POSTS}: Feed\n`);
  });

  it('says why one should look at it twice, before and after its triage', async () => {
    const account = await screened();
    await account.putCard(card('boss', ['ann@firm.example']));
    await account.addMember('Imbox', 'boss');
    await account.addMessage({ from: 'Ann <ann@firn.example>', mailboxes: ['Screener', '@ToImbox'] });
    const cautions = [
      { kind: 'known name', addresses: ['ann@firm.example'] },
      { kind: 'look-alike domain', domain: 'firm.example' },
    ];
    expect(await explain(account, 'ann@firn.example')).toMatchObject({ cautions, next: { warned: true, cautions } });
    await cycle(account);
    expect(await explain(account, 'ann@firn.example')).toMatchObject({ cautions, category: 'Imbox' });
    const { stdout } = await runMailroom(['explain', 'ann@firn.example'], { account: account.account });
    expect(stdout).toMatch(
      /^Careful {5}this name is known as ann@firm\.example\n {12}its domain looks like firm\.example$/m,
    );
  });

  it('is readable on a terminal, whatever the sender calls itself', async () => {
    const account = await screenedAccount(cyrus());
    await account.putCard(card('ann', [ADDRESS], ['NOTE:met at the fair']));
    await account.addMessage({ from: ANN, mailboxes: ['Screener', '@ToFeed'] });
    await cycle(account);
    const { stdout } = await runMailroom(['explain', ADDRESS], { account: account.account });
    expect(stdout.split('\n')).toEqual([
      'Sender      ann@sender.example',
      'Category    Feed',
      'Contact     Ann <ann@sender.example>',
      'Groups      Feed',
      `History     ${TODAY}  Feed`,
      'Mail        Feed 1',
      'Labels      none',
      'New mail    goes to Feed, by the rules that setup prints',
      'Next cycle  nothing: no message carries a triage label',
      '',
    ]);
  });
});

describe('The command line of explain', () => {
  it.each([
    [['explain']],
    [['explain', '']],
    [['explain', 'ann']],
    [['explain', '@sender.example']],
    [['explain', 'sender.']],
    [['explain', 'sender .example']],
    [['explain', 'ann@']],
    [['explain', 'Ann <ann@sender.example>']],
    [['explain', 'ann@sender.example, bob@sender.example']],
    [['explain', 'ann@sender.example', 'bob@sender.example']],
    [['explain', 'ann@sender.example', '--apply']],
    [['explain', 'ann\n@sender.example']],
  ])('refuses %j with a usage line', async (args) => {
    const { status, stdout, stderr } = await runMailroom(args);
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
    expect(stderr).toContain(`Usage: ${PROGRAM} explain ADDRESS [--json]`);
  });
});
