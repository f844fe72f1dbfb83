import type { Category } from '../../src/triage/category';
import { type Filing, fileBacklog, fileLabelled } from '../../src/triage/filing';
import {
  aCategory,
  aMessage,
  DEFAULTS,
  ERROR_LABEL,
  FEED,
  IMBOX,
  INBOX,
  JAIL,
  placesOf,
  SCREENER,
  WARNING_LABEL,
} from '../support/builders';

const OWN = 'My label';
const NEWS = aCategory('News', { parent: 'Feed', addToInbox: true });
const CATEGORIES = [...DEFAULTS, NEWS];
const DESTINATIONS = new Map<Category, readonly string[]>([
  [FEED, ['Feed']],
  [IMBOX, [INBOX]],
  [NEWS, ['News', 'Feed']],
]);

function filingTo(category: Category, fields: Parameters<typeof placesOf>[1] = {}): Filing {
  return {
    decision: category,
    destinations: DESTINATIONS.get(category) ?? [],
    places: placesOf(CATEGORIES, fields),
    outOfInbox: false,
  };
}

/** Where a message from `before` is afterwards; the patch itself must not name what is so already. */
function placesAfter(
  before: readonly string[],
  file: (message: ReturnType<typeof aMessage>) => ReturnType<typeof fileBacklog>,
) {
  const change = file(aMessage('1', 'ann@example.com', before));
  if (change === null) return null;
  expect(change.id).toBe('1');
  expect(change.add.filter((id) => before.includes(id))).toEqual([]);
  expect(change.remove.filter((id) => !before.includes(id))).toEqual([]);
  return [...before.filter((id) => !change.remove.includes(id)), ...change.add].sort();
}

describe('filing the sender’s other mail', () => {
  it.each<[string, readonly string[], Category, readonly string[]]>([
    ['out of the Screener', [SCREENER], FEED, ['Feed']],
    ['out of the Screener into the Inbox', [SCREENER], IMBOX, [INBOX]],
    ['out of another managed mailbox', ['Jail'], FEED, ['Feed']],
    ['out of the Inbox, where that is managed', [INBOX], FEED, ['Feed']],
    ['out of several managed mailboxes', ['Jail', INBOX, 'Paper Trail'], FEED, ['Feed']],
    ['into all mailboxes of the chain', ['Jail'], NEWS, ['Feed', 'News']],
    ['into the mailboxes of the chain that it is not in', ['Feed', SCREENER], NEWS, ['Feed', INBOX, 'News']],
    ['into the Inbox as well, out of the Screener', [SCREENER], NEWS, ['Feed', INBOX, 'News']],
    ['not into the Inbox, out of another mailbox', ['Jail', INBOX], NEWS, ['Feed', 'News']],
    ['with the user’s own labels', [SCREENER, OWN, 'Archive'], FEED, ['Archive', 'Feed', OWN]],
    ['with the mark that it is in the trash', [SCREENER, 'Trash'], FEED, ['Feed', 'Trash']],
    ['out of a label of the same verdict that came meanwhile', ['@ToFeed'], FEED, ['Feed']],
    ['from under an old error label', [SCREENER, ERROR_LABEL], FEED, ['Feed']],
    ['from under an old warning label', ['Feed', WARNING_LABEL], FEED, ['Feed']],
  ])('%s: %j to %o', (_, before, category, expected) => {
    expect(placesAfter(before, (message) => fileBacklog(message, filingTo(category)))).toEqual([...expected].sort());
  });

  it.each<[string, readonly string[], Category]>([
    ['already right', ['Feed'], FEED],
    ['already right, with labels of the user', ['Feed', OWN, 'Archive'], FEED],
    ['already right in all mailboxes of a chain', ['Feed', 'News'], NEWS],
    ['already right in the Inbox as well, where the category adds it', ['Feed', 'News', INBOX], NEWS],
    ['in the archive only', ['Archive'], FEED],
    ['in the trash only', ['Trash'], FEED],
    ['in a folder of the user only', [OWN], FEED],
    ['under the error label only', [ERROR_LABEL], FEED],
    ['under the warning label and in the archive', ['Archive', WARNING_LABEL], FEED],
    ['left for the user with an error label', [SCREENER, '@ToFeed', ERROR_LABEL], FEED],
    ['labelled with a verdict that was not judged', [SCREENER, '@ToJail'], FEED],
    ['labelled with this verdict and another', [SCREENER, '@ToFeed', '@ToJail'], FEED],
  ])('does not touch what is %s', (_, before, category) => {
    expect(placesAfter(before, (message) => fileBacklog(message, filingTo(category)))).toBeNull();
  });

  it('goes to no Inbox where the account has none', () => {
    const categories = [FEED, NEWS];
    const filing = { ...filingTo(NEWS), places: placesOf(categories, { inbox: null }) };
    expect(placesAfter([SCREENER], (message) => fileBacklog(message, filing))).toEqual(['Feed', 'News']);
  });
});

describe('filing a labelled message', () => {
  it.each<[string, readonly string[], Category, boolean, readonly string[]]>([
    ['whose only mailbox is the label', ['@ToFeed'], FEED, false, ['Feed']],
    ['in the Screener', [SCREENER, '@ToFeed'], FEED, false, ['Feed']],
    ['in the archive', ['Archive', '@ToFeed'], FEED, false, ['Archive', 'Feed']],
    ['in its destination already', ['Feed', '@ToFeed'], FEED, false, ['Feed']],
    ['in another managed mailbox', ['Jail', '@ToFeed', OWN], FEED, false, ['Feed', OWN]],
    ['of a category that adds to the Inbox', [SCREENER, '@ToNews'], NEWS, false, ['Feed', INBOX, 'News']],
    ['of such a category, moved out of the Screener into the label', ['@ToNews'], NEWS, false, ['Feed', INBOX, 'News']],
    [
      'of such a category, moved with labels of Mailroom’s own',
      ['@ToNews', ERROR_LABEL, WARNING_LABEL],
      NEWS,
      false,
      ['Feed', INBOX, 'News'],
    ],
    ['of such a category, from elsewhere', ['@ToNews', 'Archive'], NEWS, false, ['Archive', 'Feed', 'News']],
    ['of such a category, out of a managed mailbox', ['@ToNews', 'Jail'], NEWS, false, ['Feed', 'News']],
    ['whose name differs', [SCREENER, '@ToFeed'], FEED, true, [WARNING_LABEL, 'Feed']],
    ['with an old warning label', ['Feed', '@ToFeed', WARNING_LABEL], FEED, false, ['Feed']],
    ['with an old warning label that is still right', ['@ToFeed', WARNING_LABEL], FEED, true, [WARNING_LABEL, 'Feed']],
  ])('%s: %j', (_, before, category, warn, expected) => {
    expect(placesAfter(before, (message) => fileLabelled(message, filingTo(category), warn))).toEqual(
      [...expected].sort(),
    );
  });

  it('gets no warning label where there is none', () => {
    const filing = filingTo(FEED, { warningLabel: null });
    expect(placesAfter(['@ToFeed'], (message) => fileLabelled(message, filing, true))).toEqual(['Feed']);
  });

  it('is in one write taken out of the label and put into its mailboxes', () => {
    expect(
      fileLabelled(aMessage('1', null, ['@ToJail', SCREENER]), { ...filingTo(JAIL), destinations: ['Jail'] }, false),
    ).toEqual({
      id: '1',
      add: ['Jail'],
      remove: ['@ToJail', SCREENER],
      whileIn: [SCREENER],
    });
  });
});

describe('what a message is filed from', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['the Screener', [SCREENER, OWN], [SCREENER]],
    ['managed mailboxes, the destination among them', ['Feed', 'Jail', OWN], ['Feed', 'Jail']],
    ['the Screener, whatever its label', [SCREENER, '@ToFeed'], [SCREENER]],
    ['its label where it lies elsewhere', ['Archive', '@ToFeed'], ['@ToFeed']],
    ['its label where it is in nothing else', ['@ToFeed', ERROR_LABEL], ['@ToFeed']],
  ])('is %s: %j', (_, before, expected) => {
    expect(fileLabelled(aMessage('1', null, before), filingTo(FEED), false).whileIn).toEqual(expected);
  });
});
