import { chainOf, faultsOf } from '../../src/triage/categories';
import type { Category } from '../../src/triage/category';
import { fileLabelled } from '../../src/triage/filing';
import { type Route, routesFor, untellableCategories } from '../../src/triage/routes';
import { aCategory, aMessage, DEFAULTS, FEED, IMBOX, INBOX, placesOf, SCREENER } from '../support/builders';
import { type SeededRandom, seededRandom } from '../support/seeded-random';

const RESERVED = { screener: SCREENER, errorLabel: '@MailroomError', warningLabel: '@MailroomWarning' };

/** `Feed: in Feed → Feed`, with what stands out. */
function inWords({ group, exceptGroups, mailbox, keepInInbox }: Route): string {
  const except = exceptGroups.map((name) => ` not ${name}`).join('');
  return `${group}${except} → ${mailbox}${keepInInbox ? ' and Inbox' : ''}`;
}

/** Where triage files a sender's message out of the Screener. */
function triaged(category: Category, categories: readonly Category[]): readonly string[] {
  const destinations = chainOf(category, categories).map(({ mailbox }) => mailbox);
  const filing = { decision: category, destinations, places: placesOf(categories), outOfInbox: false };
  const before = [SCREENER, category.label];
  const { add, remove } = fileLabelled(aMessage('1', 'ann@example.com', before), filing, false);
  return [...new Set([...before.filter((id) => !remove.includes(id)), ...add])].sort();
}

/** Where the rules put the next message of a sender who has that verdict, which without them is in the Inbox. */
function routed(category: Category, categories: readonly Category[]): readonly string[] {
  const groups = chainOf(category, categories).map(({ group }) => group);
  const fired = routesFor(categories).filter(
    ({ group, exceptGroups }) => groups.includes(group) && !exceptGroups.some((name) => groups.includes(name)),
  );
  expect(new Set(fired.map(({ keepInInbox }) => keepInInbox)).size).toBeLessThan(2);
  const inbox = fired.every(({ keepInInbox }) => keepInInbox) ? [INBOX] : [];
  return [...new Set([...fired.map(({ mailbox }) => mailbox), ...inbox])].sort();
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
    expect(routesFor(categories).map(inWords)).toEqual(expected);
    for (const category of categories) {
      const asWritten = (places: readonly string[]) => places.map((name) => (name === 'INBOX' ? INBOX : name));
      expect(routed(category, categories)).toEqual([...new Set(asWritten(triaged(category, categories)))].sort());
    }
  });

  it('put mail where triage files it, for any sound categories', () => {
    const random = seededRandom(7);
    let compared = 0;
    for (let round = 0; round < 2000; round++) {
      const categories = someCategories(random);
      if (faultsOf(categories, RESERVED).length > 0) continue;
      const likes = new Map(untellableCategories(categories).map(({ category, like }) => [category, like]));
      for (const category of categories) {
        const like = categories.find(({ name }) => name === likes.get(category.name)) ?? category;
        expect({ categories, category: category.name, places: routed(category, categories) }).toEqual({
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
    const found = untellableCategories([IMBOX, child]).map(({ category, like }) => `${category} like ${like}`);
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
