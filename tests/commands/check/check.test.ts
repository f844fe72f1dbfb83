import type { Cluster } from '../../../src/cluster/cluster';
import { type CheckOptions, check } from '../../../src/commands/check/check';
import { readSettings, type Settings } from '../../../src/config';
import { MailroomError } from '../../../src/errors';
import type { AddressBook, Mail, Mailbox } from '../../../src/ports';
import { PROGRAM } from '../../../src/program';
import { PLAIN, screenOf } from '../../../src/screen/screen';
import type { Contact, Group } from '../../../src/triage/contact';
import type { ListedMessage } from '../../../src/triage/message';
import {
  aContact,
  aGroup,
  aMailbox,
  aMessage,
  DEFAULTS,
  ERROR_LABEL,
  INBOX,
  SCREENER,
  WARNING_LABEL,
} from '../../support/builders';

const SETTINGS: Settings = readSettings({
  MAILROOM_JMAP_TOKEN: 'token',
  MAILROOM_CARDDAV_USERNAME: 'user',
  MAILROOM_CARDDAV_PASSWORD: 'password',
});

const MAILBOXES: readonly Mailbox[] = [
  aMailbox(INBOX, { role: 'inbox' }),
  ...[SCREENER, ERROR_LABEL, WARNING_LABEL, 'Feed', 'Paper Trail', 'Jail'].map((name) => aMailbox(name)),
  ...DEFAULTS.map(({ label }) => aMailbox(label)),
];

const GROUPS = [...new Set(DEFAULTS.map(({ group }) => group))].map((name) => aGroup(name));

const DOMAIN_GROUPS = GROUPS.map(({ name }) => aGroup(`${name} domains`));

function unexpected(): never {
  throw new Error('A check does not do this');
}

function mailWith(mailboxes: readonly Mailbox[] = MAILBOXES, writable = true): Mail {
  return {
    mailboxes,
    writable,
    messages: unexpected,
    listedMessages: unexpected,
    authenticationResults: unexpected,
    update: unexpected,
    createMailboxes: unexpected,
    username: 'user@example.com',
    ownAddresses: unexpected,
    ownMessages: unexpected,
    createMessage: unexpected,
    destroyMessages: unexpected,
  };
}

function bookWith(groups: readonly Group[] = GROUPS, contacts: readonly Contact[] = []): AddressBook {
  return {
    groups,
    writable: true,
    readGroups: async (hrefs) => groups.filter(({ href }) => hrefs.includes(href)),
    findByNote: async (text) => contacts.filter(({ note }) => note.includes(text)),
    readContacts: async (hrefs) => contacts.filter(({ href }) => hrefs.includes(href)),
    findByAddress: unexpected,
    findWithGroups: unexpected,
    unreadable: () => [],
    listContacts: async () => contacts,
    findSimilar: unexpected,
    createContact: unexpected,
    expectChanges: unexpected,
    changeContact: unexpected,
    deleteContact: unexpected,
    changeGroup: unexpected,
    createGroup: unexpected,
  };
}

function clusterThat(check: Cluster['check']): Cluster {
  return {
    check,
    readState: unexpected,
    recordBegin: unexpected,
    recordStop: unexpected,
    recordSuccess: unexpected,
    recordFailure: unexpected,
  };
}

async function run(options: Partial<CheckOptions>, mail: Mail = mailWith(), book: AddressBook = bookWith()) {
  const printed: string[] = [];
  const status = await check({
    account: { settings: SETTINGS, openMail: async () => mail, openBook: async () => book },
    cluster: undefined,
    warnings: [],
    json: false,
    screen: PLAIN,
    print: (text) => printed.push(text),
    ...options,
  });
  return { status, lines: printed.join('\n').split('\n') };
}

function marked(mark: string, lines: readonly string[]): readonly string[] {
  return lines.filter((line) => line.startsWith(mark));
}

describe('check', () => {
  it('has a tick for everything on a sound account', async () => {
    const { status, lines } = await run({});
    expect(status).toBe(0);
    expect(lines).toEqual([
      '✓ The settings make sense',
      '✓ The JMAP host answers',
      '✓ JMAP accepts the token',
      '✓ JMAP gives access to mail',
      '✓ Mail may be changed',
      '✓ The CardDAV host answers',
      '✓ CardDAV accepts the user name and password',
      '✓ The address book is there',
      '✓ Contacts may be changed',
      '✓ All mailboxes and labels are there',
      '✓ All contact groups are there',
      '',
      'Nothing stops a cycle.',
    ]);
  });

  it('names members whom the rules of the server do not find', async () => {
    const groups = GROUPS.map(({ name }) =>
      name === 'Feed' ? aGroup(name, ['u', 'v'], { writtenMembers: ['v'] }) : aGroup(name),
    );
    const contacts = [
      aContact('u', { writtenUid: 'U', addresses: ['ann@sender.example'] }),
      aContact('v', { addresses: ['bob@sender.example'] }),
    ];
    const warnings = marked('!', (await run({}, mailWith(), bookWith(groups, contacts))).lines);
    expect(warnings).toEqual([
      "! The server's rules do not find a member of Feed, whose UID is spelled otherwise there than in the card: ann@sender.example. Put the triage label of their verdict on a message of theirs once more",
    ]);
  });

  it('names the cards that cannot be read, which stop nobody', async () => {
    const cards = [
      { href: 'https://dav.example/a.vcf', reason: 'is no whole vCard', mayBelongTo: [] },
      { href: 'https://dav.example/b.ics', reason: 'comes without its text', mayBelongTo: [] },
    ];
    const { status, lines } = await run({}, mailWith(), { ...bookWith(), unreadable: () => cards });
    expect(status).toBe(0);
    expect(marked('!', lines)).toEqual([
      '! 2 cards cannot be read and are set aside: https://dav.example/a.vcf is no whole vCard, https://dav.example/b.ics comes without its text. Repair or delete what is broken there: a sender whose address stands in it is not triaged',
    ]);
  });

  it('says what Mailroom may do in the cluster, and what not', async () => {
    const missing = new MailroomError({
      code: 'missing',
      message: 'the ConfigMap s is not in the cluster',
      hint: 'Apply',
    });
    const cluster = clusterThat(async () => [
      { what: 'read the CronJob mailroom' },
      { what: 'read s', fault: missing },
    ]);
    const { status, lines } = await run({ cluster });
    expect(status).toBe(78);
    expect(lines).toContain('✓ Mailroom may read the CronJob mailroom');
    expect(marked('✗', lines)).toEqual(['✗ the ConfigMap s is not in the cluster. Apply']);
  });

  it('looks at the cluster although the settings do not work', async () => {
    const fault = new MailroomError({ code: 'settings', message: 'The settings do not work', hint: 'Set them' });
    const { status, lines } = await run({
      account: undefined,
      fault,
      cluster: clusterThat(async () => [{ what: 'create Events' }]),
    });
    expect(status).toBe(78);
    expect(lines).toEqual([
      '✗ The settings do not work. Set them',
      '- The account: the settings come first',
      '✓ Mailroom may create Events',
      '',
      '1 fault would stop a cycle.',
    ]);
  });

  it('says what it could not look at behind a server that does not answer', async () => {
    const openMail = () => Promise.reject(new MailroomError({ code: 'transient', message: 'JMAP: no answer' }));
    const account = { settings: SETTINGS, openMail, openBook: async () => bookWith() };
    const { status, lines } = await run({ account });
    expect(status).toBe(75);
    expect(marked('✗', lines)).toEqual([
      '✗ JMAP: no answer. Try again later. If that does not help, look at MAILROOM_JMAP_SESSION_URL',
    ]);
    expect(marked('-', lines)).toEqual(['- The mailboxes and labels: they could not be read']);
    expect(lines).toContain('✓ All contact groups are there');
  });

  it('tells what may pass by itself from what somebody has to change', async () => {
    const openMail = () => Promise.reject(new MailroomError({ code: 'transient', message: 'JMAP: no answer' }));
    const account = { settings: SETTINGS, openMail, openBook: async () => bookWith(GROUPS.slice(1)) };
    const both = await run({ account });
    expect(both.status).toBe(78);
    expect(both.lines.at(-1)).toBe('2 faults would stop a cycle; 1 of them may pass without anybody.');
    const { lines } = await run({ account, json: true });
    expect(JSON.parse(lines.join())).toMatchObject({ faults: 2, passing: 1 });
  });

  it('warns of settings that are odd, whether they work or not', async () => {
    const odd = '! MAILROOM_LABEL_TO_FED is no setting; did you mean MAILROOM_LABEL_TO_FEED?';
    const warnings = [odd.slice(2)];
    const works = await run({ warnings });
    expect([works.status, works.lines[1], works.lines.at(-1)]).toEqual([0, odd, 'Nothing stops a cycle; 1 warning.']);
    const fault = new MailroomError({ code: 'settings', message: 'x' });
    const fails = await run({ account: undefined, fault, warnings });
    expect([fails.status, fails.lines[1]]).toEqual([78, odd]);
  });

  it('fits the screen, and has colour where there is some', async () => {
    const screen = screenOf({ stdout: { isTTY: true, columns: 60 } as never, environment: {} });
    const { lines } = await run({ screen }, mailWith(MAILBOXES.filter(({ name }) => name !== SCREENER)));
    expect(lines[0]).toBe('\u001b[32m✓\u001b[39m The settings make sense');
    const start = lines.findIndex((line) => line.includes('✗'));
    expect(lines[start]).toContain('\u001b[31m✗\u001b[39m The mailbox "Screener" is missing.');
    expect(lines[start + 1]).toMatch(/^ {2}\S/);
  });

  it('calls a defect a defect', async () => {
    const openBook = () => Promise.reject(new TypeError('x is not a function'));
    const account = { settings: SETTINGS, openMail: async () => mailWith(), openBook };
    const { status, lines } = await run({ account });
    expect(status).toBe(75);
    expect(marked('✗', lines).join()).toContain('defect: TypeError: x is not a function');
  });

  it('tells programs the same', async () => {
    const { lines } = await run({ json: true }, mailWith(MAILBOXES.filter(({ name }) => name !== SCREENER)));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines.join())).toMatchObject({
      ok: false,
      faults: 1,
      passing: 0,
      warnings: 0,
      findings: expect.arrayContaining([
        {
          subject: 'mailboxes',
          state: 'fault',
          passing: false,
          message: 'The mailbox "Screener" is missing',
          hint: `\`${PROGRAM} setup --apply\` makes it`,
        },
      ]),
    });
  });

  it('sends nobody to setup for an Inbox', async () => {
    const { status, lines } = await run({}, mailWith(MAILBOXES.filter(({ role }) => role !== 'inbox')));
    expect(status).toBe(78);
    expect(marked('✗', lines).join()).toMatch(/"Inbox" is missing(?!.*setup)/);
  });

  it('warns of labels that mail clients may hide', async () => {
    const hidden = MAILBOXES.map((mailbox) => ({ ...mailbox, isSubscribed: mailbox.name !== '@ToFeed' }));
    const { status, lines } = await run({}, mailWith(hidden));
    expect(status).toBe(0);
    expect(marked('!', lines)).toEqual([
      '! Mail clients may hide @ToFeed, to which the account is not subscribed. Subscribe to them in the mail client',
    ]);
  });

  it("says nothing of Fastmail's own groups", async () => {
    const own = [aGroup('VIPs', ['a'], { uid: 'vips' }), aGroup('Autosaved')];
    expect(marked('!', (await run({}, mailWith(), bookWith([...GROUPS, ...own]))).lines)).toEqual([]);
  });

  it('has a fault where groups cannot be read, and the rest all the same', async () => {
    const readGroups = () =>
      Promise.reject(new MailroomError({ code: 'transient', message: 'CardDAV: REPORT failed' }));
    const { status, lines } = await run({}, mailWith(), { ...bookWith(), readGroups });
    expect(status).toBe(75);
    expect(marked('✗', lines)).toEqual(['✗ CardDAV: REPORT failed']);
    expect(lines).toContain('✓ All mailboxes and labels are there');
  });

  it('names five of many, and does nothing to the terminal', async () => {
    const others = [1, 2, 3, 4, 5, 6, 7].map((number) => aGroup(`\u001b[2JG${number}`));
    const [warning] = marked('!', (await run({}, mailWith(), bookWith([...GROUPS, ...others]))).lines);
    expect(warning).toContain('\\u001b[2JG5 and 2 more:');
    expect(warning).not.toContain('\u001b');
  });

  it.each([
    ['in one group', ['Feed'], false],
    ['in the groups of a chain', ['Imbox'], false],
    ['in the groups of two verdicts', ['Feed', 'Jail'], true],
  ])('looks at a sender %s', async (_, names, torn) => {
    const groups = GROUPS.map(({ name }) => aGroup(name, names.includes(name) ? ['u'] : []));
    const contact = aContact('u', { addresses: ['ann@sender.example'], note: 'Mailroom 2026-01-15: Feed' });
    const warnings = marked('!', (await run({}, mailWith(), bookWith(groups, [contact]))).lines);
    expect(warnings).toHaveLength(torn ? 1 : 0);
    if (torn) expect(warnings[0]).toContain('(Feed and Jail): ann@sender.example');
  });

  it.each([
    ['a verdict of its own and one as a list', ['Feed', 'Jail lists'], null],
    ['two verdicts as a list', ['Feed', 'Feed lists', 'Jail lists'], '(Feed lists and Jail lists)'],
  ])('looks at a contact with %s', async (_, names, torn) => {
    const kinds = GROUPS.flatMap(({ name }) => [name, `${name} lists`]);
    const groups = kinds.map((name) => aGroup(name, names.includes(name) ? ['u'] : []));
    const mail = mailWith([...MAILBOXES, aMailbox('@WholeList')]);
    const contact = aContact('u', { addresses: ['posts@list.example'] });
    const warnings = marked('!', (await run({}, mail, bookWith(groups, [contact]))).lines);
    expect(warnings).toEqual(torn === null ? [] : [expect.stringContaining(torn)]);
  });

  it('names whole domains among senders, where they may have groups of their own', async () => {
    const groups = [...GROUPS.map(({ name }) => aGroup(name, name === 'Feed' ? ['u'] : [])), ...DOMAIN_GROUPS];
    const shop = aContact('u', { addresses: ['Info@shop.example', '*@Shop.example'] });
    expect(marked('!', (await run({}, mailWith(), bookWith(groups.slice(0, 4), [shop]))).lines)).toEqual([]);
    const mail = mailWith([...MAILBOXES, aMailbox('@WholeDomain')]);
    expect(marked('!', (await run({}, mail, bookWith(groups, [shop]))).lines)).toEqual([
      expect.stringMatching(/hold whole domains.*: \*@shop\.example in Feed\. Put .* and @WholeDomain on a message/),
    ]);
  });

  it('names messages with a label that says what a verdict is on, and none that says which', async () => {
    const labels = [aMailbox('@WholeDomain', { totalEmails: 3 }), aMailbox('@WholeList')];
    const groups = [...GROUPS, ...DOMAIN_GROUPS, ...GROUPS.map(({ name }) => aGroup(`${name} lists`))];
    const messages: readonly ListedMessage[] = [
      { ...aMessage('1', 'ann@shop.example', ['@WholeDomain', SCREENER]), subject: 'Offers', list: false },
      { ...aMessage('2', 'bob@shop.example', ['@WholeDomain', '@ToFeed']), subject: 'News', list: false },
      { ...aMessage('3', null, ['@WholeDomain']), subject: '', list: false },
    ];
    const asked: unknown[] = [];
    const mail: Mail = {
      ...mailWith([...MAILBOXES, ...labels]),
      listedMessages: async function* (queries) {
        asked.push(queries);
        yield messages;
      },
    };
    const { status, lines } = await run({}, mail, bookWith(groups));
    expect(status).toBe(0);
    expect(marked('!', lines)).toEqual([
      '! 2 messages carry the label @WholeDomain and no triage label, and are left alone: "Offers" of ann@shop.example, "" of nobody. Put a triage label beside it, or take it off',
    ]);
    expect(asked).toEqual([[{ inMailboxes: ['@WholeDomain'] }]]);
  });

  it('says why those messages could not be looked at', async () => {
    const mail: Mail = {
      ...mailWith([...MAILBOXES, aMailbox('@WholeDomain', { totalEmails: 1 })]),
      listedMessages: () => {
        throw new MailroomError({ code: 'transient', message: 'JMAP: Email/get failed' });
      },
    };
    const { status, lines } = await run({}, mail, bookWith([...GROUPS, ...DOMAIN_GROUPS]));
    expect(status).toBe(75);
    expect(marked('✗', lines)).toEqual(['✗ JMAP: Email/get failed']);
  });

  it('does not advise to make a group that may be there and be unreadable', async () => {
    const broken = { href: 'https://dav.test/book/feed.vcf', reason: 'has no END', mayBelongTo: [] };
    const book = { ...bookWith(GROUPS.filter(({ name }) => name !== 'Feed')), unreadable: () => [broken] };
    const [fault] = marked('✗', (await run({}, mailWith(), book)).lines);
    expect(fault).toContain('feed.vcf has no END. Repair or delete it first');
    expect(fault).not.toContain('--apply');
  });

  it('misses the groups of a label that is there, and calls none of them out of reach', async () => {
    const mail = mailWith([...MAILBOXES, aMailbox('@WholeList')]);
    const groups = [...GROUPS, ...['Imbox lists', 'Feed lists', 'Jail lists'].map((name) => aGroup(name))];
    const { status, lines } = await run({}, mail, bookWith(groups));
    expect(status).toBe(78);
    expect(marked('✗', lines)).toEqual([expect.stringContaining('The contact group "Paper Trail lists" is missing')]);
    expect(marked('!', lines)).toEqual([]);
  });
});
