import { setup } from '../../../src/commands/setup/setup';
import { readSettings } from '../../../src/config';
import { MailroomError } from '../../../src/errors';
import type { AddressBook, Mail, Mailbox, UnreadableCard } from '../../../src/ports';
import { PROGRAM } from '../../../src/program';
import { PLAIN } from '../../../src/screen/screen';
import type { Feature } from '../../../src/triage/features';
import { aGroup, aMailbox } from '../../support/builders';

const SETTINGS = readSettings({
  MAILROOM_JMAP_TOKEN: 'token',
  MAILROOM_CARDDAV_USERNAME: 'user',
  MAILROOM_CARDDAV_PASSWORD: 'password',
});

const INBOX = aMailbox('INBOX', { role: 'inbox' });

function unexpected(): never {
  throw new Error('Setup does not do this');
}

/** An account that keeps what is made, but for what it refuses. */
function account(
  start: readonly Mailbox[] = [INBOX],
  refused: Readonly<Record<string, 'refused' | 'transient'>> = {},
  unreadable: readonly UnreadableCard[] = [],
) {
  const mailboxes = [...start];
  const groups: string[] = [];
  const refuse = (name: string): void => {
    const code = refused[name];
    if (code !== undefined) throw new MailroomError({ code, message: `Not ${name}` });
  };
  const mail = (): Mail => ({
    mailboxes: [...mailboxes],
    writable: true,
    createMailboxes: async (names) => {
      const wanted = names.filter((name) => refused[name] === undefined);
      mailboxes.push(...wanted.map((name) => aMailbox(name)));
      names.forEach(refuse);
    },
    messages: unexpected,
    listedMessages: unexpected,
    authenticationResults: unexpected,
    update: unexpected,
    username: 'user@example.com',
    ownAddresses: unexpected,
    ownMessages: unexpected,
    createMessage: unexpected,
    destroyMessages: unexpected,
  });
  const book = (): AddressBook => ({
    groups: groups.map((name) => aGroup(name)),
    writable: true,
    createGroup: async (name) => {
      refuse(name);
      groups.push(name);
    },
    readGroups: unexpected,
    findByAddress: unexpected,
    findWithGroups: unexpected,
    unreadable: () => unreadable,
    listContacts: unexpected,
    findSimilar: unexpected,
    findByNote: unexpected,
    readContacts: unexpected,
    createContact: unexpected,
    expectChanges: unexpected,
    changeContact: unexpected,
    deleteContact: unexpected,
    changeGroup: unexpected,
  });
  return { mailboxes, groups, open: async () => ({ mail: mail(), book: book() }), openMail: async () => mail() };
}

interface Rule {
  readonly fileIn: string;
}

async function run(
  { open, openMail }: Pick<ReturnType<typeof account>, 'open' | 'openMail'>,
  options: readonly string[],
  wanted: readonly Feature[] = [],
  settings = SETTINGS,
) {
  const printed: string[] = [];
  const shown: string[] = [];
  const ended = setup(
    {
      settings,
      now: new Date('2026-03-01T10:00:00Z'),
      open,
      openMail,
      screen: PLAIN,
      print: (text) => printed.push(text),
      progress: { show: (_, done, total) => shown.push(`${done}/${total}`), end: () => shown.push('end') },
    },
    new Set(options),
    new Set(wanted),
  );
  const outcome = await ended.catch((error: unknown) => error);
  return { outcome, text: printed.join('\n'), shown };
}

describe('setup', () => {
  it('lists what is there and what is missing, and what each is for', async () => {
    const { open, openMail, mailboxes, groups } = account([
      INBOX,
      aMailbox('Feed'),
      aMailbox('@ToFeed', { isSubscribed: false }),
    ]);
    const { outcome, text } = await run({ open, openMail }, []);
    expect(outcome).toBe(0);
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        '  - Screener          mail of unknown senders (missing)',
        '  ✓ Inbox             mail of Imbox, mail of Person',
        '  ✓ @ToFeed           triage label for Feed (not subscribed)',
        '  ✓ Feed              mail of Feed',
        '  - Imbox             senders in Imbox and Person (missing)',
        `Nothing was written. To make 9 mailboxes and 4 contact groups: ${PROGRAM} setup --apply`,
        expect.stringContaining('Mail clients may hide @ToFeed'),
        '1. Feed',
        '4. Screener',
      ]),
    );
    expect(mailboxes).toHaveLength(3);
    expect(groups).toEqual([]);
  });

  it('makes what is missing, and shows how far it is', async () => {
    const { open, openMail, mailboxes, groups } = account();
    const { outcome, text, shown } = await run({ open, openMail }, ['apply']);
    expect(outcome).toBe(0);
    expect(text).toContain('+ Screener          mail of unknown senders (made)');
    expect(text).toContain('Made 11 mailboxes and 4 contact groups.');
    expect(mailboxes).toHaveLength(12);
    expect(groups).toEqual(['Imbox', 'Feed', 'Paper Trail', 'Jail']);
    expect(shown).toEqual(['0/15', '5/15', '10/15', '11/15', '12/15', '13/15', '14/15', 'end']);
  });

  it('makes what is optional only where it is wanted', async () => {
    const { mailboxes, ...servers } = account();
    const dry = await run(servers, []);
    expect(dry.text).toContain(
      '  - @ToSpam           moves mail of a sender to the junk mailbox, as spam (optional, missing)',
    );
    expect(dry.text).toContain(`To make 11 mailboxes and 4 contact groups: ${PROGRAM} setup --apply`);
    expect(dry.text).toContain(`Optional, and missing: ${PROGRAM} setup --apply --with domains,lists,undo,spam`);
    await run(servers, ['apply']);
    expect(mailboxes.map(({ name }) => name)).not.toContain('@ToSpam');
    expect((await run(servers, ['apply'])).text).toContain('Everything that can be made is there: nothing to do.');
    const { outcome, text } = await run(servers, ['apply'], ['spam']);
    expect(outcome).toBe(0);
    expect(text).toContain('Made 1 mailbox and 0 contact groups.');
    expect(text).toContain('+ @ToSpam');
    expect(text).toContain(`Optional, and missing: ${PROGRAM} setup --apply --with domains,lists,undo`);
    expect(mailboxes.map(({ name }) => name)).toContain('@ToSpam');
    expect(mailboxes.map(({ name }) => name)).not.toContain('@ToScreener');
  });

  it('makes the groups that a feature needs beside its label', async () => {
    const { mailboxes, groups, ...servers } = account();
    await run(servers, ['apply']);
    expect((await run(servers, [])).text).not.toContain('Feed domains');
    const { outcome, text } = await run(servers, ['apply'], ['domains']);
    expect(outcome).toBe(0);
    expect(text).toContain('Made 1 mailbox and 4 contact groups.');
    expect(text).toContain('  + Imbox domains        domains in Imbox and Person (made)');
    expect(text).toContain('4. Feed (domains)\n   messages that match  fromin:"Feed domains" NOT fromin:Imbox');
    expect(mailboxes.map(({ name }) => name)).toContain('@WholeDomain');
    expect(groups.slice(4)).toEqual(['Imbox domains', 'Feed domains', 'Paper Trail domains', 'Jail domains']);
    expect((await run(servers, [])).text).toContain('  ✓ Feed domains         domains in Feed\n');
  });

  it('says what to name where a feature is asked for that is off by its names', async () => {
    const { groups, ...servers } = account();
    const settings = { ...SETTINGS, featureLabels: { ...SETTINGS.featureLabels, lists: null } };
    const { outcome } = await run(servers, ['apply'], ['domains', 'lists'], settings);
    expect(outcome).toMatchObject({
      code: 'settings',
      message: 'The settings use the names that lists would have by default for something else',
    });
    expect(groups).toEqual([]);
  });

  it('makes the groups of a label that is there, whoever made it', async () => {
    const { groups, ...servers } = account([INBOX, aMailbox('@WholeList')]);
    const dry = await run(servers, []);
    expect(dry.text).toContain('  - Feed lists         lists in Feed (missing)');
    expect(dry.text).toContain(`To make 11 mailboxes and 8 contact groups: ${PROGRAM} setup --apply`);
    expect((await run(servers, ['apply'])).outcome).toBe(0);
    expect(groups).toEqual(expect.arrayContaining(['Feed', 'Feed lists']));
  });

  it('makes the others where the server refuses one, and says which', async () => {
    const { open, openMail, mailboxes, groups } = account([INBOX], { '@ToFeed': 'refused', Jail: 'refused' });
    const { outcome, text } = await run({ open, openMail }, ['apply']);
    expect(outcome).toMatchObject({ code: 'refused', message: expect.stringMatching(/Not @ToFeed.*Not Jail/) });
    expect(text).toContain('- @ToFeed');
    expect(mailboxes).toHaveLength(10);
    expect(groups).toEqual(['Imbox', 'Feed', 'Paper Trail']);
  });

  it('stops where the server is gone, and goes on the next time', async () => {
    const broken: Record<string, 'transient'> = { Feed: 'transient' };
    const { open, openMail, groups } = account([INBOX, aMailbox('Feed')], broken);
    expect((await run({ open, openMail }, ['apply'])).outcome).toMatchObject({ code: 'transient' });
    expect(groups).toEqual(['Imbox']);
    delete broken['Feed'];
    expect((await run({ open, openMail }, ['apply'])).outcome).toBe(0);
    expect(groups).toEqual(['Imbox', 'Feed', 'Paper Trail', 'Jail']);
  });

  it('makes no group while a card that cannot be read may be one', async () => {
    const broken = { href: 'https://dav.test/book/feed.vcf', reason: 'has no END', mayBelongTo: [] };
    const { open, openMail, mailboxes, groups } = account([INBOX], {}, [broken]);
    const { outcome, text } = await run({ open, openMail }, ['apply']);
    expect(outcome).toMatchObject({ code: 'missing', hint: expect.stringContaining('feed.vcf has no END') });
    expect(groups).toEqual([]);
    expect(mailboxes).toHaveLength(12);
    expect(text).toContain('Made 11 mailboxes and 0 contact groups.');
  });

  it('makes no Inbox', async () => {
    const { open, openMail, mailboxes } = account([]);
    expect((await run({ open, openMail }, ['apply'])).outcome).toMatchObject({
      code: 'missing',
      message: expect.stringContaining('Inbox'),
    });
    expect(mailboxes.map(({ name }) => name)).not.toContain('Inbox');
  });

  it('asks the mail server alone for the rules', async () => {
    const { openMail } = account([INBOX]);
    const { outcome, text } = await run({ open: unexpected, openMail }, ['rules']);
    expect(outcome).toBe(0);
    expect(JSON.parse(text).map(({ fileIn }: Rule) => fileIn)).toEqual(['Feed', 'Paper Trail', 'Jail', 'Screener']);
  });

  it('names nested mailboxes in rules by their path', async () => {
    const nested = account([
      INBOX,
      aMailbox('Mailroom'),
      aMailbox('Medium', { parentId: 'Mailroom' }),
      aMailbox('Feed', { parentId: 'Medium' }),
      aMailbox('Screener', { parentId: INBOX.id }),
    ]);
    const paths = ['Mailroom/Medium/Feed', 'Paper Trail', 'Jail', 'INBOX/Screener'];
    const rules = await run(nested, ['rules']);
    expect(JSON.parse(rules.text).map(({ fileIn }: Rule) => fileIn)).toEqual(paths);
    const report = await run(nested, ['json']);
    expect(JSON.parse(report.text).rules.map(({ fileIn }: Rule) => fileIn)).toEqual(paths);
    expect((await run(nested, [])).text).toContain('- add the label Mailroom/Medium/Feed');
  });

  it('makes no rule for one of two nested mailboxes', async () => {
    const twins = ['one', 'other'].flatMap((name) => [
      aMailbox(name),
      aMailbox('Feed', { id: `Feed in ${name}`, parentId: name }),
    ]);
    const { outcome, text } = await run(account([INBOX, ...twins]), ['rules']);
    expect(outcome).toMatchObject({
      code: 'missing',
      message: expect.stringContaining('more than one mailbox "Feed"'),
    });
    expect(text).toBe('');
  });

  it('tells programs the same, rules included', async () => {
    const { text } = await run(account([INBOX, aMailbox('Feed')]), ['json']);
    const report = JSON.parse(text);
    expect(report.complete).toBe(false);
    expect(report.mailboxes).toContainEqual({
      name: 'Feed',
      use: 'mail of Feed',
      state: 'there',
      feature: null,
      subscribed: true,
      made: false,
    });
    expect(report.groups).toContainEqual({
      name: 'Feed',
      use: 'senders in Feed',
      state: 'missing',
      feature: null,
      made: false,
    });
    expect(report.rules.at(-1)).toMatchObject({ search: 'NOT fromin:contacts', stop: true });
  });
});
