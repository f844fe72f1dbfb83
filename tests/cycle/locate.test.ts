import {
  judgedKinds,
  locate,
  mailboxNamed,
  mailboxPath,
  missingFrom,
  neededGroups,
  neededMailboxes,
  placesIn,
  requireMailbox,
} from '../../src/cycle/locate';
import type { Mailbox } from '../../src/ports';
import { PROGRAM } from '../../src/program';
import { decisionName } from '../../src/triage/decision';
import { aCategory, aGroup, aMailbox, ERROR_LABEL, INBOX, SCREENER, WARNING_LABEL } from '../support/builders';
import { FakeAddressBook } from '../support/fake-address-book';
import { mailboxesFor, settingsWith } from '../support/fake-cycle';
import { FakeMail } from '../support/fake-mail';

const SETTINGS = settingsWith();
const NAMES = ['Imbox', 'Feed', 'Paper Trail', 'Jail'];
const DOMAIN_GROUPS = NAMES.map((name) => `${name} domains`);
const LIST_GROUPS = NAMES.map((name) => `${name} lists`);

function located({
  mailboxes = mailboxesFor(SETTINGS),
  groups = NAMES.map((name) => aGroup(name)),
  settings = SETTINGS,
}: {
  mailboxes?: readonly Mailbox[];
  groups?: readonly ReturnType<typeof aGroup>[];
  settings?: typeof SETTINGS;
} = {}) {
  const mail = new FakeMail({ mailboxes, messages: [] }).open();
  return locate(settings, mail, new FakeAddressBook({ contacts: [], groups }).open());
}

function without(...names: readonly string[]): readonly Mailbox[] {
  return mailboxesFor(SETTINGS).filter(({ name }) => !names.includes(name));
}

describe('what must exist', () => {
  it('is each mailbox of the settings once', () => {
    expect(neededMailboxes(SETTINGS)).toEqual([
      SCREENER,
      '@ToImbox',
      INBOX,
      '@ToFeed',
      'Feed',
      '@ToPaperTrail',
      'Paper Trail',
      '@ToJail',
      'Jail',
      '@ToPerson',
      ERROR_LABEL,
      WARNING_LABEL,
    ]);
  });

  it.each<[string, Parameters<typeof settingsWith>, string, boolean]>([
    ['the Inbox where no category files there', [[aCategory('A')]], INBOX, false],
    ['the Inbox where a category adds to it', [[aCategory('A', { addToInbox: true }), aCategory('B')]], INBOX, true],
    ['the warning label without warnings', [undefined, { MAILROOM_WARNINGS_ENABLED: 'false' }], WARNING_LABEL, false],
  ])('of %s: %j', (_, settings, name, needed) => {
    expect(neededMailboxes(settingsWith(...settings)).includes(name)).toBe(needed);
  });

  it('is each group of the settings once', () => {
    expect(neededGroups(SETTINGS, ['sender'])).toEqual(NAMES);
    expect(neededGroups(SETTINGS, ['sender', 'list'])).toEqual([...NAMES, ...LIST_GROUPS]);
  });
});

describe('the mailbox of a name', () => {
  const inFolder = (id: string, name: string) => aMailbox(name, { id, parentId: 'folder' });

  it.each<[string, string, readonly Mailbox[], string | undefined]>([
    ['is found at the top level', 'Feed', [aMailbox('Feed')], 'Feed'],
    ['is found in another one', 'Feed', [inFolder('nested', 'Feed')], 'nested'],
    ['is the top-level one of several', 'Feed', [inFolder('nested', 'Feed'), aMailbox('Feed')], 'Feed'],
    ['is none of several nested ones', 'Feed', [inFolder('1', 'Feed'), inFolder('2', 'Feed')], 'ambiguous'],
    ['is not found in other case', 'Feed', [aMailbox('feed')], undefined],
    ['is found in another Unicode form', 'Bücher', [aMailbox('Bu\u0308cher', { id: 'books' })], 'books'],
    ['is for Inbox the one with the role', 'Inbox', [aMailbox('Posteingang', { id: 'in', role: 'inbox' })], 'in'],
    ['is for INBOX the one with the role', 'INBOX', [aMailbox('Posteingang', { id: 'in', role: 'inbox' })], 'in'],
    ['is for Inbox none without the role', 'Inbox', [aMailbox('Inbox')], undefined],
    [
      'is for Inbox not another one of that name',
      'Inbox',
      [aMailbox('Inbox', { id: 'other' }), aMailbox('Inbox', { id: 'in', role: 'inbox' })],
      'in',
    ],
  ])('%s', (_, name, mailboxes, id) => {
    const found = mailboxNamed(name, mailboxes);
    expect(typeof found === 'object' ? found.id : found).toBe(id);
  });

  it.each<[string, readonly Mailbox[], string]>([
    ['nobody has it', [], 'There is no mailbox "Feed"'],
    [
      'several nested ones have it',
      [inFolder('1', 'Feed'), inFolder('2', 'Feed')],
      'There is more than one mailbox "Feed"',
    ],
  ])('is asked for with the command that shows what is missing, where %s', (_, mailboxes, message) => {
    expect(() => requireMailbox('Feed', mailboxes)).toThrow(
      expect.objectContaining({ code: 'missing', message, hint: `\`${PROGRAM} setup\` shows what the account lacks` }),
    );
    expect(requireMailbox('Feed', [...mailboxes, aMailbox('Feed')]).id).toBe('Feed');
  });

  it('is in rules and lists that of its parents, too', () => {
    const mailboxes = [
      aMailbox('Shop', { id: 'shop', parentId: 'year' }),
      aMailbox('2026', { id: 'year', parentId: 'top' }),
      aMailbox('Receipts', { id: 'top' }),
      aMailbox('Feed'),
    ];
    expect(mailboxes.map((mailbox) => mailboxPath(mailbox, mailboxes))).toEqual([
      'Receipts/2026/Shop',
      'Receipts/2026',
      'Receipts',
      'Feed',
    ]);
  });
});

describe('the places of an account', () => {
  const FEATURES = ['domains', 'lists', 'undo', 'spam'] as const;

  it('are those of all labels that are there, the optional ones too', () => {
    const places = placesIn(SETTINGS, mailboxesFor(SETTINGS, FEATURES));
    expect(places).toMatchObject({ wholeDomain: '@WholeDomain', wholeList: '@WholeList', junk: 'Junk' });
    expect([...places.labels].map(([id, decision]) => [id, decisionName(decision)])).toEqual([
      ['@ToImbox', 'Imbox'],
      ['@ToFeed', 'Feed'],
      ['@ToPaperTrail', 'Paper Trail'],
      ['@ToJail', 'Jail'],
      ['@ToPerson', 'Person'],
      ['@ToScreener', 'Screener'],
      ['@ToSpam', 'Spam'],
    ]);
  });

  it('are none of a label that the settings use for something else', () => {
    const settings = settingsWith([aCategory('A', { label: '@ToSpam' }), aCategory('B', { label: '@WholeDomain' })]);
    const mailboxes = mailboxesFor(settings);
    expect(judgedKinds(settings, mailboxes)).toEqual(['sender']);
    const places = placesIn(settings, mailboxes);
    expect(places.wholeDomain).toBeNull();
    expect([...places.labels].map(([id, decision]) => [id, decisionName(decision)])).toEqual([
      ['@ToSpam', 'A'],
      ['@WholeDomain', 'B'],
    ]);
  });

  it('are none where no mailbox, or none of several, is meant', () => {
    const twice = ['1', '2'].map((id) => aMailbox('@MailroomWarning', { id, parentId: 'folder' }));
    expect(placesIn(SETTINGS, twice)).toMatchObject({
      screener: '',
      inbox: null,
      errorLabel: '',
      warningLabel: null,
      junk: null,
      wholeDomain: null,
      wholeList: null,
    });
  });
});

describe('locate', () => {
  it('finds everything that the settings name', () => {
    const { places, managedGroups } = located();
    expect(places).toMatchObject({
      screener: SCREENER,
      inbox: INBOX,
      errorLabel: ERROR_LABEL,
      warningLabel: WARNING_LABEL,
    });
    expect([...places.labels].map(([id, decision]) => [id, decisionName(decision)])).toEqual([
      ['@ToImbox', 'Imbox'],
      ['@ToFeed', 'Feed'],
      ['@ToPaperTrail', 'Paper Trail'],
      ['@ToJail', 'Jail'],
      ['@ToPerson', 'Person'],
    ]);
    expect([...places.destinations]).toEqual([
      ['Imbox', INBOX],
      ['Feed', 'Feed'],
      ['Paper Trail', 'Paper Trail'],
      ['Jail', 'Jail'],
      ['Person', INBOX],
    ]);
    expect(managedGroups.map(({ name }) => name)).toEqual(['Feed', 'Imbox', 'Jail', 'Paper Trail']);
  });

  it('knows of several groups of one name all, in the order of their UIDs', () => {
    const twin = aGroup('Feed', [], { uid: 'a-twin', href: 'https://dav.test/book/twin.vcf' });
    const groups = [...NAMES.map((name) => aGroup(name)), twin, aGroup('Somebody else’s')];
    expect(located({ groups }).managedGroups.map(({ uid }) => uid)).toEqual([
      'a-twin',
      'group-Feed',
      'group-Imbox',
      'group-Jail',
      'group-Paper-Trail',
    ]);
  });

  it.each([
    ['none is there', [], [], { wholeDomain: null, wholeList: null }],
    ['domains', ['@WholeDomain'], DOMAIN_GROUPS, { wholeDomain: '@WholeDomain', wholeList: null }],
    ['lists', ['@WholeList'], LIST_GROUPS, { wholeDomain: null, wholeList: '@WholeList' }],
  ])('knows of groups of more than senders where there is the label for it: %s', (_, labels, own, places) => {
    const groups = [...NAMES, ...DOMAIN_GROUPS, ...LIST_GROUPS].map((name) => aGroup(name));
    const mailboxes = [...mailboxesFor(SETTINGS), ...labels.map((name) => aMailbox(name))];
    const found = located({ mailboxes, groups });
    expect(found.places).toMatchObject(places);
    expect(found.managedGroups.map(({ name }) => name).sort()).toEqual([...NAMES, ...own].sort());
    expect([...found.places.labels.keys()]).not.toContain(labels[0]);
  });

  it('needs the groups of a label that is there', () => {
    const mailboxes = [...mailboxesFor(SETTINGS), aMailbox('@WholeDomain')];
    const groups = [...NAMES, 'Jail domains', 'Imbox domains'].map((name) => aGroup(name));
    expect(() => located({ mailboxes, groups })).toThrow(
      expect.objectContaining({
        code: 'missing',
        message: 'Missing: the contact groups "Feed domains", "Paper Trail domains"',
      }),
    );
  });

  it('does without the warning label where warnings are off', () => {
    const settings = settingsWith(undefined, { MAILROOM_WARNINGS_ENABLED: 'false' });
    expect(located({ settings, mailboxes: without(WARNING_LABEL) }).places.warningLabel).toBeNull();
  });

  it('names all that is missing in one message, with the command that makes it', () => {
    expect(() => located({ mailboxes: without('Feed', '@ToJail'), groups: [aGroup('Imbox'), aGroup('Jail')] })).toThrow(
      expect.objectContaining({
        code: 'missing',
        message: 'Missing: the mailboxes "Feed", "@ToJail" and the contact groups "Feed", "Paper Trail"',
        hint: expect.stringContaining('setup --apply'),
      }),
    );
  });

  it('tells nobody to make a group that may be there and be unreadable', () => {
    const book = new FakeAddressBook({
      contacts: [],
      groups: [aGroup('Imbox'), aGroup('Jail'), aGroup('Feed')],
    }).open();
    const unreadable = () => [
      { href: 'https://dav.test/book/paper.vcf', reason: 'has no END', mayBelongTo: [] },
      { href: 'https://dav.test/book/other.vcf', reason: 'is too large', mayBelongTo: [] },
    ];
    const mail = (mailboxes: readonly Mailbox[]) => new FakeMail({ mailboxes, messages: [] }).open();
    expect(() => locate(SETTINGS, mail(mailboxesFor(SETTINGS)), { ...book, unreadable })).toThrow(
      expect.objectContaining({
        message: 'Missing: the contact group "Paper Trail"',
        hint: 'A card that cannot be read may be a group that seems to be missing: https://dav.test/book/paper.vcf has no END, https://dav.test/book/other.vcf is too large. Repair or delete it first',
      }),
    );
    const groups = NAMES.map((name) => aGroup(name));
    expect(() => locate(SETTINGS, mail(without('Feed')), { ...book, groups, unreadable })).toThrow(
      expect.objectContaining({ hint: `\`${PROGRAM} setup --apply\` creates what is missing` }),
    );
  });

  it.each<[string, readonly Mailbox[], readonly string[], string]>([
    ['one mailbox', without('Feed'), NAMES, 'Missing: the mailbox "Feed"'],
    ['several mailboxes', without('Feed', 'Jail'), NAMES, 'Missing: the mailboxes "Feed", "Jail"'],
    ['one group', mailboxesFor(SETTINGS), NAMES.slice(1), 'Missing: the contact group "Imbox"'],
    [
      'a mailbox, beside several of one name',
      [...without('Feed', 'Jail'), ...['1', '2'].map((id) => aMailbox('Feed', { id, parentId: 'folder' }))],
      NAMES,
      'Missing: the mailbox "Jail". Several nested mailboxes are called "Feed", none at the top level',
    ],
  ])('says how to make what is missing: %s', (_, mailboxes, groups, message) => {
    expect(() => located({ mailboxes, groups: groups.map((name) => aGroup(name)) })).toThrow(
      expect.objectContaining({ message, hint: `\`${PROGRAM} setup --apply\` creates what is missing` }),
    );
  });

  it('says which name several nested mailboxes have', () => {
    const nested = ['1', '2'].map((id) => aMailbox('Feed', { id, parentId: 'folder' }));
    expect(() => located({ mailboxes: [...without('Feed'), ...nested] })).toThrow(
      expect.objectContaining({
        code: 'missing',
        message: 'Several nested mailboxes are called "Feed", none at the top level',
        hint: expect.stringContaining('Rename'),
      }),
    );
  });

  it('lists what is missing for those who make it', () => {
    expect(missingFrom(SETTINGS, without('Jail'), [])).toEqual({ mailboxes: ['Jail'], ambiguous: [], groups: NAMES });
  });
});
