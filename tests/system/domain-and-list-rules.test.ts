import { runMailroom } from '../support/mailroom';
import { cycle, describeOnCyrus } from '../support/on-cyrus';
import { openAccount, type TestAccount } from '../support/test-account';

/** Group → UID of a contact in it → that contact's address. */
const MEMBERS = {
  Imbox: { vip: 'vip@shop.example' },
  Feed: { ann: 'ann@shop.example' },
  Jail: { owner: 'owner@lists.example' },
  'Jail domains': { shop: '*@shop.example', both: '*@both.example' },
  'Imbox domains': { bank: '*@bank.example' },
  'Feed lists': { posts: 'posts@lists.example', both2: 'all@both.example' },
  'Jail lists': { noise: 'noise@lists.example' },
  'Imbox lists': { team: 'team@lists.example' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The user's own, without a verdict. */
const FRIENDS = { friend: 'friend@home.example', clerk: 'clerk@shop.example' };

const LIST_ID = 'List-Id: Posts <posts.lists.example>';
const LIST_POST = 'List-Post: <mailto:posts@lists.example>';

interface Sent {
  readonly from: string;
  readonly to?: string;
  readonly cc?: string;
  readonly lines?: readonly string[];
}

const ME = 'user@example.com';

describeOnCyrus('The printed rules', (server) => {
  let account: TestAccount;
  let sent = 0;

  beforeAll(async () => {
    account = await openAccount(await server().addUser());
    const contacts = [...Object.values(MEMBERS), FRIENDS].flatMap((members) => Object.entries(members));
    await account.putCards(contacts.map(([uid, address]) => contact(uid, address)));
    for (const [name, members] of Object.entries(MEMBERS)) {
      await account.makeGroup({ name, members: Object.keys(members) });
    }
    const options = { account: account.account };
    expect(await runMailroom(['setup', '--apply', '--with', 'domains,lists,undo'], options)).toMatchObject({
      status: 0,
    });
    const script = await runMailroom(['setup', '--sieve'], options);
    expect(script).toMatchObject({ status: 0, stderr: '' });
    await server().installSieve(account.account, script.stdout);
  });

  /** Gives the verdict that the labels ask for by a message that was delivered into the Screener. */
  async function triage(message: Sent, labels: readonly string[]): Promise<void> {
    expect(await landsIn(message)).toEqual(['Screener']);
    const newest = (await account.messages()).find(({ subject }) => subject === `message ${sent}`);
    for (const label of labels) await account.labelMessage(newest?.id ?? '', label);
    await cycle(account);
  }

  async function landsIn({ from, to = ME, cc, lines = [] }: Sent): Promise<readonly string[]> {
    const subject = `message ${++sent}`;
    const headers = [`From: ${from}`, `To: ${to}`, ...(cc === undefined ? [] : [`Cc: ${cc}`]), ...lines];
    const text = [...headers, `Subject: ${subject}`, `Message-ID: <${sent}@seed.example>`, '', 'Hello.', ''];
    await server().deliver(account.account, text.join('\r\n'));
    return account.mailboxesOf(subject);
  }

  it.each<[string, Sent, readonly string[]]>([
    ['a stranger', { from: 'who@else.example' }, ['Screener']],
    ['a contact without a verdict', { from: 'friend@home.example' }, ['Inbox']],
    ['a sender', { from: 'ann@shop.example' }, ['Feed']],

    ['a domain', { from: 'Any <any@shop.example>' }, ['Jail']],
    ['a domain, in capital letters', { from: 'ANY@Shop.Example' }, ['Jail']],
    ['a domain’s sender with a verdict of its own', { from: 'ann@shop.example' }, ['Feed']],
    ['a domain’s sender whose own verdict is the Inbox', { from: 'vip@shop.example' }, ['Inbox']],
    ['a domain’s sender who is the user’s contact', { from: 'clerk@shop.example' }, ['Jail']],
    ['a domain of the Inbox', { from: 'any@bank.example' }, ['Inbox']],
    ['a subdomain', { from: 'any@mail.shop.example' }, ['Screener']],
    ['the domain above', { from: 'any@example' }, ['Screener']],
    ['a domain that ends the same', { from: 'any@myshop.example' }, ['Screener']],
    ['a domain that begins the same', { from: 'any@shop.example.evil.example' }, ['Screener']],
    ['a look-alike domain', { from: 'any@sh0p.example' }, ['Screener']],
    ['a name that holds the domain', { from: '"any@shop.example" <who@else.example>' }, ['Screener']],

    ['a list', { from: 'who@else.example', to: 'posts@lists.example', lines: [LIST_ID] }, ['Feed']],
    ['a list, by Cc', { from: 'who@else.example', cc: 'Posts <Posts@Lists.example>', lines: [LIST_POST] }, ['Feed']],
    ['a list of the Inbox', { from: 'who@else.example', to: 'team@lists.example', lines: [LIST_ID] }, ['Inbox']],
    [
      'a list, of a contact without a verdict',
      { from: FRIENDS.friend, to: 'posts@lists.example', lines: [LIST_ID] },
      ['Feed'],
    ],
    [
      'a list, of a sender with a verdict',
      { from: 'owner@lists.example', to: 'posts@lists.example', lines: [LIST_ID] },
      ['Jail'],
    ],
    ['a list, of a domain', { from: 'any@shop.example', to: 'posts@lists.example', lines: [LIST_ID] }, ['Jail']],
    [
      'a list, of a domain of the Inbox',
      { from: 'any@bank.example', to: 'posts@lists.example', lines: [LIST_ID] },
      ['Inbox'],
    ],
    [
      'two lists',
      { from: 'who@else.example', to: 'noise@lists.example, posts@lists.example', lines: [LIST_ID] },
      ['Feed'],
    ],
    [
      'a list’s address in To without a header of a list',
      { from: 'who@else.example', to: 'posts@lists.example' },
      ['Screener'],
    ],
    [
      'another list of that host',
      { from: 'who@else.example', to: 'other@lists.example', lines: [LIST_ID] },
      ['Screener'],
    ],
    ['a posting address', { from: 'posts@lists.example' }, ['Screener']],
    ['a posting address, with a header of a list', { from: 'posts@lists.example', lines: [LIST_ID] }, ['Screener']],
    [
      'a posting address, by the list',
      { from: 'posts@lists.example', to: 'posts@lists.example', lines: [LIST_ID] },
      ['Feed'],
    ],
    ['a posting address of a domain', { from: 'all@both.example' }, ['Jail']],
  ])('file mail of %s', async (_, message, places) => {
    expect(await landsIn(message)).toEqual(places);
  });

  it('file the next message as cycles have filed those before, as verdicts come and go', async () => {
    const byList = {
      from: 'who@firm.example',
      to: 'talk@lists.example',
      lines: ['List-Post: <mailto:talk@lists.example>'],
    };
    await triage(byList, ['@ToPaperTrail', '@WholeList']);
    expect(await account.mailboxesOf(`message ${sent}`)).toEqual(['Paper Trail']);
    expect(await landsIn(byList)).toEqual(['Paper Trail']);
    expect(await landsIn({ from: 'talk@lists.example' })).toEqual(['Screener']);

    await triage({ from: 'who@firm.example' }, ['@ToJail', '@WholeDomain']);
    expect(await landsIn(byList)).toEqual(['Jail']);
    expect(await landsIn({ from: 'else@firm.example' })).toEqual(['Jail']);

    const first = (await account.messages()).find(({ subject }) => subject === `message ${sent}`);
    await account.labelMessage(first?.id ?? '', '@ToFeed');
    await cycle(account);
    expect(await landsIn({ from: 'else@firm.example' })).toEqual(['Feed']);
    expect(await landsIn({ ...byList, from: 'else@firm.example' })).toEqual(['Feed']);
    expect(await landsIn({ from: 'who@firm.example' })).toEqual(['Jail']);

    const last = (await account.messages()).find(({ subject }) => subject === `message ${sent}`);
    for (const label of ['@ToScreener', '@WholeDomain']) await account.labelMessage(last?.id ?? '', label);
    await cycle(account);
    expect(await landsIn({ from: 'who@firm.example' })).toEqual(['Screener']);
    expect(await landsIn(byList)).toEqual(['Paper Trail']);
    expect(await landsIn({ from: 'else@firm.example' })).toEqual(['Feed']);
  });

  it('are all named by a reset, for who takes them out', async () => {
    const names = ['Feed', 'Paper Trail', 'Jail'];
    const reset = await runMailroom(['reset', '--json'], { account: account.account });
    expect(JSON.parse(reset.stdout).rules).toEqual([
      ...names,
      ...names.map((name) => `${name} (domains)`),
      ...names.map((name) => `${name} (lists)`),
      ...['Imbox', ...names].map((name) => `Screener (${name} lists)`),
      'Screener',
    ]);
  });
});

function contact(uid: string, address: string): string {
  return `BEGIN:VCARD\r\nVERSION:3.0\r\nUID:${uid}\r\nFN:${uid}\r\nN:${uid};;;;\r\nEMAIL:${address}\r\nEND:VCARD\r\n`;
}
