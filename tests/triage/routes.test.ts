import { chainOf, faultsOf, overlappingGroups } from '../../src/triage/categories';
import type { Category } from '../../src/triage/category';
import { fileLabelled } from '../../src/triage/filing';
import { holds, type Route, routedInto, rulesFor, type Seen } from '../../src/triage/routes';
import { rulingOn } from '../../src/triage/ruling';
import {
  domainSubject,
  groupOf,
  keyOf,
  SUBJECT_KINDS,
  type Subject,
  type SubjectKind,
  senderSubject,
} from '../../src/triage/subject';
import { prevailing, untellableCategories } from '../../src/triage/tellable';
import { aCategory, aMessage, DEFAULTS, FEED, IMBOX, INBOX, placesOf, SCREENER } from '../support/builders';
import { type SeededRandom, seededRandom } from '../support/seeded-random';

const RESERVED = { screener: SCREENER, errorLabel: '@MailroomError', warningLabel: '@MailroomWarning' };

/** `Feed → Feed` for the sender in Feed whose mail goes to Feed, `by Feed lists → Feed` for a list, with what stands out. */
function inWords({ condition: { from, to, notFrom, notTo }, mailbox, keepInInbox }: Route): string {
  const except = [...notFrom.map((name) => ` not ${name}`), ...notTo.map((name) => ` not by ${name}`)].join('');
  return `${from ?? `by ${to}`}${except} → ${mailbox}${keepInInbox ? ' and Inbox' : ''}`;
}

/** Where triage files a sender's message out of the Screener. */
function triaged(category: Category, categories: readonly Category[]): readonly string[] {
  const destinations = chainOf(category, categories).map(({ mailbox }) => mailbox);
  const filing = { decision: category, destinations, places: placesOf(categories), outOfInbox: false };
  const before = [SCREENER, category.label];
  const { add, remove } = fileLabelled(aMessage('1', 'ann@example.com', before), filing, false);
  return [...new Set([...before.filter((id) => !remove.includes(id)), ...add])].sort();
}

/** The groups of a subject that has a verdict. */
function groupsFor(category: Category | undefined, kind: SubjectKind, categories: readonly Category[]) {
  return category === undefined ? [] : chainOf(category, categories).map((one) => groupOf(one, kind));
}

/** Where the rules put such a message, which without them is in the Inbox. All that hold agree on the Inbox. */
function routed(seen: Seen, categories: readonly Category[], kinds: readonly SubjectKind[]): readonly string[] {
  const rules = rulesFor(categories, kinds);
  const fired = rules.routes.filter(({ condition }) => holds(condition, seen));
  const isScreened = rules.screened.some((condition) => holds(condition, seen));
  expect(new Set([...fired.map(({ keepInInbox }) => keepInInbox), ...(isScreened ? [null] : [])]).size).toBeLessThan(2);
  return [...routedInto(seen, rules, SCREENER)].sort();
}

/** The same for a sender that has that verdict. */
function routedFrom(category: Category, categories: readonly Category[]): readonly string[] {
  return routed({ from: groupsFor(category, 'sender', categories), to: [] }, categories, ['sender']);
}

describe('routes', () => {
  it.each<[string, readonly Category[], readonly string[]]>([
    [
      'the defaults: what belongs in the Inbox alone needs no rule',
      DEFAULTS,
      ['Feed → Feed', 'Paper Trail → Paper Trail', 'Jail → Jail'],
    ],
    [
      'a child that stays out of the Inbox as its parent does: rules add up',
      [FEED, aCategory('News', { parent: 'Feed' })],
      ['Feed → Feed', 'News → News'],
    ],
    [
      'a child that adds to the Inbox, under a parent that does not',
      [FEED, aCategory('News', { parent: 'Feed', addToInbox: true })],
      ['Feed not News → Feed', 'News → News and Inbox', 'News → Feed and Inbox'],
    ],
    [
      'a child that does not add to the Inbox, under a parent that does',
      [aCategory('Feed', { addToInbox: true }), aCategory('News', { parent: 'Feed' })],
      ['Feed not News → Feed and Inbox', 'News → News', 'News → Feed'],
    ],
    ['a child of the Imbox', [IMBOX, aCategory('Work', { parent: 'Imbox' })], ['Work → Work and Inbox']],
    [
      'a child in the mailbox of its parent',
      [FEED, aCategory('News', { parent: 'Feed', mailbox: 'Feed' })],
      ['Feed → Feed'],
    ],
    [
      'a child in the Inbox, whatever way that is written',
      [FEED, aCategory('News', { parent: 'Feed', mailbox: 'INBOX' })],
      ['Feed not News → Feed', 'News → Feed and Inbox'],
    ],
    [
      'a grandchild across a turn',
      [FEED, aCategory('News', { parent: 'Feed', addToInbox: true }), aCategory('Quiet', { parent: 'News' })],
      [
        'Feed not News → Feed',
        'News not Quiet → News and Inbox',
        'News not Quiet → Feed and Inbox',
        'Quiet → Quiet',
        'Quiet → News',
        'Quiet → Feed',
      ],
    ],
  ])('are exact for %s', (_, categories, expected) => {
    expect(rulesFor(categories, ['sender']).routes.map(inWords)).toEqual(expected);
    for (const category of categories) {
      const asWritten = (places: readonly string[]) => places.map((name) => (name === 'INBOX' ? INBOX : name));
      expect(routedFrom(category, categories)).toEqual([...new Set(asWritten(triaged(category, categories)))].sort());
    }
  });

  it('put mail where triage files it, for any sound categories', () => {
    const random = seededRandom(7);
    let compared = 0;
    for (let round = 0; round < 2000; round++) {
      const categories = someCategories(random);
      if (faultsOf(categories, RESERVED).length > 0) continue;
      const likes = new Map(untellableCategories(categories, 'sender').map(({ category, like }) => [category, like]));
      for (const category of categories) {
        const like = categories.find(({ name }) => name === likes.get(category.name)) ?? category;
        expect({ categories, category: category.name, places: routedFrom(category, categories) }).toEqual({
          categories,
          category: category.name,
          places: triaged(like, categories),
        });
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(3000);
  });
});

describe('routes of domains and lists', () => {
  const NAMES = [FEED, aCategory('News', { parent: 'Feed' }), aCategory('Jail')];

  it.each<[string, readonly SubjectKind[], readonly string[]]>([
    [
      'domains',
      ['sender', 'domain'],
      [
        'Feed domains not Feed not News not Jail → Feed',
        'News domains not Feed not News not Jail → News',
        'Jail domains not Feed not News not Jail → Jail',
      ],
    ],
    [
      'lists, of which one alone holds',
      ['sender', 'list'],
      [
        'by Feed lists not Feed not News not Jail not by News lists → Feed',
        'by News lists not Feed not News not Jail → News',
        'by News lists not Feed not News not Jail → Feed',
        'by Jail lists not Feed not News not Jail not by Feed lists → Jail',
      ],
    ],
  ])('leave out what is stronger: %s', (_, kinds, expected) => {
    const own = rulesFor(NAMES, kinds).routes.filter(({ kind }) => kind !== 'sender');
    expect(own.map(inWords)).toEqual(expected);
  });

  it('change nothing about senders', () => {
    const senders = rulesFor(NAMES, ['sender']).routes;
    expect(rulesFor(NAMES, SUBJECT_KINDS).routes.filter(({ kind }) => kind === 'sender')).toEqual(senders);
  });

  it.each<[string, Seen, string]>([
    ['a stranger', { from: undefined, to: [] }, SCREENER],
    ['a contact without a verdict', { from: [], to: [] }, INBOX],
    ['a contact in a group of the user’s', { from: ['Friends'], to: [] }, INBOX],
    ['a stranger, by a list', { from: undefined, to: ['Jail lists'] }, 'Jail'],
    ['a contact without a verdict, by a list', { from: [], to: ['Jail lists'] }, 'Jail'],
    ['a list’s own address, by nothing', { from: ['Feed lists'], to: [] }, SCREENER],
    ['a list’s own address, by the list', { from: ['Feed lists'], to: ['Feed lists'] }, 'Feed'],
    ['a list’s own address that has a verdict', { from: ['Feed lists', 'Jail'], to: ['Feed lists'] }, 'Jail'],
    ['a list’s own address under a domain', { from: ['Feed lists', 'Jail domains'], to: ['Feed lists'] }, 'Jail'],
    ['a sender with a verdict under a domain', { from: ['Jail', 'Feed domains'], to: ['Feed lists'] }, 'Jail'],
    ['a sender under a domain, by a list', { from: ['Jail domains'], to: ['Feed lists'] }, 'Jail'],
    ['a stranger, by two lists', { from: undefined, to: ['Jail lists', 'Feed lists'] }, 'Feed'],
  ])('file mail of %s', (_, seen, mailbox) => {
    expect(routed(seen, NAMES, SUBJECT_KINDS)).toEqual([mailbox]);
  });

  it('put any message where the verdict that rules it files it, for any sound categories', () => {
    const random = seededRandom(11);
    const outcomes = new Map<string, number>();
    for (let round = 0; round < 2000; round++) {
      const categories = someCategories(random);
      if (faultsOf(categories, RESERVED).length > 0 || overlappingGroups(categories).length > 0) continue;
      const kinds = SUBJECT_KINDS.filter((kind) => kind === 'sender' || random.chance(0.7));
      const { message, verdicts, seen } = someMessage(random, categories, kinds);
      const ruling = rulingOn(message, (subject) => verdicts.get(keyOf(subject)), categories);
      const { kind = 'sender' } = ruling?.subject ?? {};
      const like = untellableCategories(categories, kind).find(
        ({ category }) => category === ruling?.category.name,
      )?.like;
      const filedAs = categories.find(({ name }) => name === like) ?? ruling?.category;
      const isKnown =
        seen.from !== undefined && !seen.from.some((group) => categories.some(({ listGroup }) => listGroup === group));
      const expected = filedAs !== undefined ? triaged(filedAs, categories) : [isKnown ? INBOX : SCREENER];
      expect({ categories, kinds, seen, places: routed(seen, categories, kinds) }).toEqual({
        categories,
        kinds,
        seen,
        places: expected,
      });
      const several = kind === 'list' && (message.recipients?.length ?? 0) > 1 ? ', one of several' : '';
      const outcome = ruling === undefined ? expected.join() : `${kind}${several}`;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    for (const outcome of [INBOX, SCREENER, 'sender', 'domain', 'list', 'list, one of several']) {
      expect({ outcome, often: (outcomes.get(outcome) ?? 0) > 50 }).toEqual({ outcome, often: true });
    }
  });
});

describe('of verdicts on several lists', () => {
  const TREE = [FEED, aCategory('News', { parent: 'Feed' }), aCategory('Bank', { parent: 'Feed' }), aCategory('Jail')];

  it.each([
    [[], undefined],
    [['Jail'], 'Jail'],
    [['Jail', 'Feed'], 'Feed'],
    [['Feed', 'News'], 'News'],
    [['Jail', 'Bank', 'News'], 'News'],
    [['Bank', 'Feed'], 'Bank'],
  ])('%j, %s prevails', (names, expected) => {
    const verdicts = names.map((wanted) => TREE.find(({ name }) => name === wanted) ?? FEED);
    expect(prevailing(verdicts, 'list', TREE)?.name).toBe(expected);
  });
});

describe('categories that rules cannot tell from another', () => {
  it.each<[string, Category, readonly string[]]>([
    ['files as its parent does', aCategory('Person', { parent: 'Imbox', group: 'Imbox', mailbox: INBOX }), []],
    ['has a group of its own', aCategory('Person', { parent: 'Imbox' }), []],
    [
      'shares the group and files elsewhere',
      aCategory('Person', { parent: 'Imbox', group: 'Imbox' }),
      ['Person like Imbox'],
    ],
  ])('a child that %s', (_, child, expected) => {
    const found = untellableCategories([IMBOX, child], 'sender').map(
      ({ category, like }) => `${category} like ${like}`,
    );
    expect(found).toEqual(expected);
  });
});

/** Up to six categories with parents before them, and now and then a shared group or mailbox. */
function someCategories({ below, chance, pick }: SeededRandom): readonly Category[] {
  const names = ['A', 'B', 'C', 'D', 'E', 'F'].slice(0, 1 + below(6));
  return names.map((name, index) => {
    const parent = index > 0 && chance(0.75) ? pick(names.slice(0, index)) : undefined;
    return aCategory(name, {
      parent,
      group: parent !== undefined && chance(0.15) ? parent : name,
      mailbox: chance(0.3) ? pick([INBOX, ...names]) : name,
      addToInbox: chance(0.3),
    });
  });
}

/** A message of somebody who may be a contact, perhaps by lists, with the verdicts that there are and what rules see. */
function someMessage(
  { below, chance, pick }: SeededRandom,
  categories: readonly Category[],
  kinds: readonly SubjectKind[],
) {
  const verdicts = new Map<string, Category>();
  const judge = (subject: Subject, probability: number): readonly string[] => {
    if (!kinds.includes(subject.kind) || !chance(probability)) return [];
    const category = pick(categories);
    verdicts.set(keyOf(subject), category);
    return groupsFor(category, subject.kind, categories);
  };
  // The sender may be where a list is posted to.
  const [sender, ...recipients] = ['0', '1', '2', '3'].slice(0, 1 + below(4)).map((name) => `${name}@list.example`);
  const message = { ...aMessage('1', sender ?? '', [INBOX]), recipients };
  const from = [
    ...judge(senderSubject(message.from?.[0]?.email ?? ''), 0.3),
    ...judge(domainSubject(message.from?.[0]?.email ?? ''), 0.3),
    ...judge({ kind: 'list', address: sender ?? '' }, 0.3),
  ];
  const to = recipients.flatMap((address) => judge({ kind: 'list', address }, 0.5));
  const seen: Seen = { from: from.length > 0 || chance(0.3) ? from : undefined, to };
  return { message, verdicts, seen };
}
