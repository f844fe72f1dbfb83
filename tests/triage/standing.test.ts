import type { Contact } from '../../src/triage/contact';
import type { Message } from '../../src/triage/message';
import { editOf, planStanding, type StandingFacts } from '../../src/triage/standing';
import {
  aCategory,
  aContact,
  aGroup,
  aMessage,
  aVerdict,
  DEFAULTS,
  distinct,
  FEED,
  IMBOX,
  JAIL,
  ownUidOf,
  PERSON,
} from '../support/builders';

const TODAY = '2026-03-01';
const OWN_UID = ownUidOf('shop@example.com');
const NEWS = aCategory('News', { parent: 'Feed' });
const LOCAL = aCategory('Local', { parent: 'News' });

function facts(fields: Partial<StandingFacts> & { from?: string; labelled?: readonly Message[] } = {}): StandingFacts {
  const { from = 'Shop <shop@example.com>', labelled = [aMessage('1', from, ['@ToFeed'])], ...rest } = fields;
  const all = {
    verdict: aVerdict(FEED, labelled),
    categories: DEFAULTS,
    contacts: [],
    groups: ['Imbox', 'Feed', 'Paper Trail', 'Jail'].map((name) => aGroup(name)),
    userGroups: [],
    today: TODAY,
    ownUid: OWN_UID,
    ...rest,
  };
  distinct(all.contacts, 'uid');
  distinct(all.groups, 'href');
  return all;
}

function facing(category = FEED, from = 'Shop <shop@example.com>') {
  return aVerdict(category, [aMessage('1', from, [category.label])]);
}

function membership(facts: StandingFacts) {
  const { joins, leaves } = planStanding(facts);
  const named = ({ group, uid }: (typeof leaves)[number]) => `${uid} ${group.name}`;
  return { joins: joins.map(named), leaves: leaves.map(named) };
}

function edited(contact: Partial<Contact>, fields: Parameters<typeof facts>[0] = {}) {
  const { step } = planStanding(facts({ contacts: [aContact('u', contact)], ...fields }));
  return step.kind === 'change' ? step.edit : step.kind;
}

describe('a sender that no contact has', () => {
  it('gets a company’s contact', () => {
    expect(planStanding(facts())).toMatchObject({
      step: {
        kind: 'create',
        contact: {
          uid: OWN_UID,
          email: 'shop@example.com',
          formattedName: 'Shop',
          note: 'Mailroom 2026-03-01: Feed',
          personName: null,
        },
      },
      from: null,
      leaves: [],
      nameDiffers: false,
    });
  });

  it.each([
    ['Ann Doe <ann@example.com>', 'Ann Doe', { family: 'Doe', given: 'Ann' }],
    ['Doe, Ann <ann@example.com>', 'Doe, Ann', { family: 'Doe', given: 'Ann' }],
    ['ann@example.com', 'ann@example.com', { family: '', given: '' }],
  ])('gets a person’s contact for %s', (from, formattedName, personName) => {
    const { step } = planStanding(facts({ verdict: facing(PERSON, from) }));
    expect(step).toMatchObject({ kind: 'create', contact: { formattedName, personName } });
  });

  it.each([
    ['without a display name', 'Shop@Example.com', 'Shop@Example.com'],
    ['whose display name is empty space', '\u00a0 <shop@example.com>', 'shop@example.com'],
    ['whose display name has line breaks', 'Shop\r\nEND:VCARD <shop@example.com>', 'Shop END:VCARD'],
    ['with 1,000 characters of name', `${'x'.repeat(1000)} <shop@example.com>`, 'x'.repeat(1000)],
  ])('%s gets a name all the same', (_, from, formattedName) => {
    const labelled = [{ ...aMessage('1', null, []), from: [parse(from)] }];
    expect(planStanding(facts({ labelled })).step).toMatchObject({ contact: { formattedName } });
  });

  it('is named as the newest labelled message that has a name', () => {
    const labelled = [
      aMessage('3', 'shop@example.com', ['@ToFeed']),
      aMessage('2', 'Newer <shop@example.com>', ['@ToFeed']),
      aMessage('1', 'Older <shop@example.com>', ['@ToFeed']),
    ];
    expect(planStanding(facts({ labelled })).step).toMatchObject({ contact: { formattedName: 'Newer' } });
  });

  it('joins the group of its category under its own UID', () => {
    expect(membership(facts())).toEqual({ joins: [`${OWN_UID} Feed`], leaves: [] });
  });

  it('joins no group a second time, where a cycle that broke off has joined it', () => {
    expect(membership(facts({ groups: [aGroup('Feed', [OWN_UID])] }))).toEqual({ joins: [], leaves: [] });
  });
});

function parse(from: string) {
  const at = from.lastIndexOf('<');
  return at < 0 ? { name: null, email: from } : { name: from.slice(0, at), email: from.slice(at + 1, -1) };
}

describe('a sender that a contact has', () => {
  it.each<[string, Partial<Contact>, unknown]>([
    ['gains a line of note', {}, { addNoteLine: 'Mailroom 2026-03-01: Feed <shop@example.com>' }],
    [
      'gains a line behind what the user wrote',
      { note: 'Met at the fair' },
      { addNoteLine: 'Mailroom 2026-03-01: Feed <shop@example.com>' },
    ],
    [
      'has an empty name filled in',
      { formattedName: '' },
      {
        addNoteLine: 'Mailroom 2026-03-01: Feed <shop@example.com> (name filled: Shop)',
        formattedName: 'Shop',
      },
    ],
    [
      'has a name of spaces filled in',
      { formattedName: ' \t' },
      { addNoteLine: expect.stringContaining('(name filled: Shop)'), formattedName: 'Shop' },
    ],
    [
      'has a missing name added',
      { formattedName: null },
      { addNoteLine: expect.stringContaining('(name added: Shop)'), formattedName: 'Shop' },
    ],
    [
      'says from which category it comes',
      { note: 'Mailroom 2026-01-01: Jail <shop@example.com>', uid: 'jailed' },
      { addNoteLine: 'Mailroom 2026-03-01: Jail → Feed <shop@example.com>' },
    ],
  ])('%s', (_, contact, edit) => {
    const groups = [aGroup('Feed'), aGroup('Jail', ['jailed'])];
    expect(edited(contact, { groups })).toEqual({
      addNoteLine: undefined,
      formattedName: undefined,
      ...(edit as object),
    });
  });

  it.each([
    ['the same verdict twice', 'Mailroom 2026-01-01: Feed <shop@example.com>'],
    ['the same verdict twice, with a line of the user behind', 'Mailroom 2026-01-01: Feed <shop@example.com>\nhello'],
    ['the same verdict on the same day', 'Mailroom 2026-03-01: Feed <shop@example.com>'],
    [
      'the same verdict as that of another address of the contact in between',
      'Mailroom 2026-01-01: Feed <shop@example.com>\nMailroom 2026-02-01: Feed <other@example.com>',
    ],
  ])('keeps its note: %s', (_, note) => {
    expect(edited({ note })).toBe('keep');
  });

  it('keeps the note of Mailroom’s own contact, whose lines do without the address', () => {
    expect(edited({ uid: OWN_UID, note: 'Mailroom 2026-01-01: Feed' })).toBe('keep');
  });

  it.each([
    [
      'the same verdict again, after another',
      'Mailroom 2026-01-01: Feed <shop@example.com>\nMailroom 2026-02-01: Jail <shop@example.com>',
    ],
    ['the verdict of another address of the contact', 'Mailroom 2026-01-01: Feed <other@example.com>'],
  ])('gains a line: %s', (_, note) => {
    expect(edited({ note })).toMatchObject({ addNoteLine: expect.stringContaining('Feed <shop@example.com>') });
  });

  it('gains a line beside one that may be about somebody else', () => {
    expect(edited({ note: 'Mailroom 2026-01-01: Feed' })).toMatchObject({
      addNoteLine: 'Mailroom 2026-03-01: Feed <shop@example.com>',
    });
    expect(edited({ uid: OWN_UID, note: 'Mailroom 2026-01-01: Feed <other@example.com>' })).toMatchObject({
      addNoteLine: 'Mailroom 2026-03-01: Feed',
    });
  });

  it('has an empty name filled in even where the verdict is the same', () => {
    const note = 'Mailroom 2026-01-01: Feed <shop@example.com>';
    expect(edited({ note, formattedName: '' })).toEqual({ addNoteLine: undefined, formattedName: 'Shop' });
  });

  it('is planned against the card as it is when it is written', () => {
    const contact = aContact('u');
    expect(editOf({ ...contact, note: 'Mailroom 2026-03-01: Feed <shop@example.com>' }, facts(), null)).toBeUndefined();
  });

  it('has nothing left to do once its edit is made', () => {
    const contact = aContact('u', { formattedName: null, note: 'Met at the fair' });
    const edit = editOf(contact, facts({ contacts: [contact] }), 'Jail');
    const after = {
      ...contact,
      formattedName: edit?.formattedName ?? null,
      note: `${contact.note}\n${edit?.addNoteLine}`,
    };
    expect(editOf(after, facts({ contacts: [after] }), 'Jail')).toBeUndefined();
  });
});

describe('several contacts with the address', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((uid) => aContact(uid)) as [Contact, Contact, Contact];

  it('make no further one: the one whose UID sorts first joins', () => {
    const planned = facts({ contacts: [c, a, b] });
    expect(planStanding(planned).step).toMatchObject({ kind: 'change', contact: { uid: 'a' } });
    expect(membership(planned)).toEqual({ joins: ['a Feed'], leaves: [] });
  });

  it('are represented by Mailroom’s own, wherever that sorts', () => {
    const own = aContact(OWN_UID);
    expect(OWN_UID > 'a').toBe(true);
    expect(membership(facts({ contacts: [a, own, b] })).joins).toEqual([`${OWN_UID} Feed`]);
  });

  it('all leave the old groups', () => {
    const groups = [aGroup('Imbox', ['b', 'x']), aGroup('Jail', ['a', 'b', 'c']), aGroup('Feed')];
    expect(membership(facts({ contacts: [a, b, c], groups }))).toEqual({
      joins: ['a Feed'],
      leaves: ['b Imbox', 'a Jail', 'b Jail', 'c Jail'],
    });
  });
});

describe('the groups of a sender that is triaged again', () => {
  const contacts = [aContact('u')];

  it.each<
    [
      string,
      ReturnType<typeof facing>,
      Readonly<Record<string, readonly string[]>>,
      readonly string[],
      readonly string[],
    ]
  >([
    ['joins the new one, leaves the old one', facing(FEED), { Imbox: ['u'] }, ['u Feed'], ['u Imbox']],
    ['leaves every other managed one', facing(FEED), { Imbox: ['u'], Jail: ['u'] }, ['u Feed'], ['u Imbox', 'u Jail']],
    ['only leaves, where it is in the new one already', facing(FEED), { Feed: ['u'], Jail: ['u'] }, [], ['u Jail']],
    ['has nothing to do', facing(FEED), { Feed: ['u'] }, [], []],
    ['stays in a group that two categories share', facing(PERSON), { Imbox: ['u'] }, [], []],
    ['joins all groups of the chain', facing(LOCAL), { Jail: ['u'] }, ['u Local', 'u News', 'u Feed'], ['u Jail']],
    ['goes down the chain', facing(LOCAL), { Feed: ['u'] }, ['u Local', 'u News'], []],
    ['goes up the chain', facing(FEED), { Feed: ['u'], News: ['u'], Local: ['u'] }, [], ['u News', 'u Local']],
    ['leaves others where they are', facing(FEED), { Jail: ['x', 'y'] }, ['u Feed'], []],
  ])('%s', (_, verdict, members, joins, leaves) => {
    const groups = ['Imbox', 'Feed', 'Jail', 'News', 'Local'].map((name) => aGroup(name, members[name]));
    expect(membership(facts({ verdict, contacts, groups, categories: [...DEFAULTS, NEWS, LOCAL] }))).toEqual({
      joins,
      leaves,
    });
  });

  it('are of two of one name the first one to join, and both to leave', () => {
    const twin = aGroup('Feed', ['u'], { href: 'https://dav.test/book/twin.vcf', uid: 'twin' });
    const { joins } = planStanding(facts({ contacts, groups: [aGroup('Feed'), twin] }));
    expect(joins).toMatchObject([{ group: { uid: 'group-Feed' }, uid: 'u' }]);
    const groups = [aGroup('Feed', ['u']), twin, aGroup('Jail')];
    const { leaves } = planStanding(facts({ contacts, groups, verdict: facing(JAIL) }));
    expect(leaves.map(({ group }) => group.uid)).toEqual(['group-Feed', 'twin']);
  });
});

describe('the category that a sender comes from', () => {
  it.each<[string, string, Readonly<Record<string, readonly string[]>>, ReturnType<typeof facing>, string | null]>([
    ['none, for one in no group', 'Mailroom 2026-01-01: Jail', {}, facing(FEED), null],
    ['that of its group', '', { Jail: ['u'] }, facing(FEED), 'Jail'],
    ['none, where it stays', '', { Feed: ['u'] }, facing(FEED), null],
    [
      'of two with one group the one in the note',
      'Mailroom 2026-01-01: Person',
      { Imbox: ['u'] },
      facing(FEED),
      'Person',
    ],
    ['of two with one group the first without a note', '', { Imbox: ['u'] }, facing(FEED), 'Imbox'],
    [
      'not the one in the note where the user moved it',
      'Mailroom 2026-01-01: Jail',
      { Imbox: ['u'] },
      facing(FEED),
      'Imbox',
    ],
    ['the other one with the same group', 'Mailroom 2026-01-01: Imbox', { Imbox: ['u'] }, facing(PERSON), 'Imbox'],
  ])('is %s', (_, note, members, verdict, from) => {
    const groups = ['Imbox', 'Feed', 'Jail'].map((name) => aGroup(name, members[name]));
    expect(planStanding(facts({ contacts: [aContact('u', { note })], groups, verdict })).from).toBe(from);
  });
});

describe('a display name', () => {
  function differs(formattedName: string | null, ...names: readonly string[]) {
    const labelled = names.map((name, index) => aMessage(String(index), `${name}<shop@example.com>`, ['@ToFeed']));
    return planStanding(facts({ contacts: [aContact('u', { formattedName })], labelled })).nameDiffers;
  }

  it.each<[string, string | null, readonly string[], boolean]>([
    ['the same', 'Shop', ['Shop'], false],
    ['another', 'Shop', ['Bank'], true],
    ['another on one of several messages', 'Shop', ['Shop', 'Bank'], true],
    ['other case and quotes', 'SHOP', ["'shop'"], false],
    ['none on the message', 'Shop', [''], false],
    ['none on the contact', null, ['Shop'], false],
    ['an empty one on the contact', '', ['Shop'], false],
    ['only the address on the contact', 'Shop@Example.com', ['Shop'], false],
  ])('differs or not: %s', (_, formattedName, names, expected) => {
    expect(differs(formattedName, ...names)).toBe(expected);
  });

  it('is compared with the contact that represents the sender', () => {
    const contacts = [aContact('b', { formattedName: 'Shop' }), aContact('a', { formattedName: 'Bank' })];
    expect(planStanding(facts({ contacts, verdict: facing(IMBOX) })).nameDiffers).toBe(true);
  });
});

describe('a membership in another spelling than the card has', () => {
  const contact = aContact('u', { writtenUid: 'urn:uuid:U' });

  it('counts, and is written anew in the spelling that the rules of the server find', () => {
    const groups = [aGroup('Feed', ['u'], { writtenMembers: ['u'] }), aGroup('Jail')];
    const { from, joins, leaves } = planStanding(facts({ contacts: [contact], groups }));
    expect(from).toBeNull();
    expect(joins.map(({ writtenUid }) => writtenUid)).toEqual(['urn:uuid:U']);
    expect(leaves).toEqual([]);
  });

  it('is left as any other', () => {
    const groups = [aGroup('Feed'), aGroup('Jail', ['u'], { writtenMembers: [] })];
    expect(membership(facts({ contacts: [contact], groups })).leaves).toEqual(['u Jail']);
  });

  it('is none where the spelling is right', () => {
    const groups = [aGroup('Feed', ['u'], { writtenMembers: ['urn:uuid:U'] })];
    expect(membership(facts({ contacts: [contact], groups }))).toEqual({ joins: [], leaves: [] });
  });
});
