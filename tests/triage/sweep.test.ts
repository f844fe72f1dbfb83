import { byAddress } from '../../src/triage/by-address';
import type { Contact, Group } from '../../src/triage/contact';
import { judge } from '../../src/triage/judge';
import type { Message } from '../../src/triage/message';
import { planSweep, slippedIn } from '../../src/triage/sweep';
import {
  aCategory,
  aContact,
  aGroup,
  aMessage,
  DEFAULTS,
  ERROR_LABEL,
  INBOX,
  ownUidOf,
  placesOf,
  SCREENER,
} from '../support/builders';

const NEWS = aCategory('News', { parent: 'Feed', addToInbox: true });
const CATEGORIES = [...DEFAULTS, NEWS];
const PLACES = placesOf(CATEGORIES);
const SENDER = 'shop@example.com';
const OWN = aContact(ownUidOf(SENDER), { note: 'Mailroom 2026-01-01: Feed' });

function swept(
  messages: readonly Message[],
  {
    contacts = [OWN],
    groups = [aGroup('Feed', [OWN.uid])],
  }: { contacts?: readonly Contact[]; groups?: readonly Group[] } = {},
) {
  const labelled = messages.filter(({ mailboxIds }) => mailboxIds.some((id) => PLACES.labels.has(id)));
  const slipped = slippedIn(messages, judge(labelled, PLACES), PLACES);
  const facts = { slipped, slippedContacts: byAddress(contacts, () => true), slippedGroups: groups };
  return planSweep(facts, { categories: CATEGORIES, places: PLACES, ownUid: ownUidOf }).map(
    ({ sender, category, changes }) => [sender, category.name, changes.map(({ id, add }) => `${id} ${add.join('+')}`)],
  );
}

describe('mail that slipped past the rules', () => {
  it('is filed as the verdict on its sender says', () => {
    const messages = [aMessage('1', 'Shop <SHOP@example.com>', [SCREENER]), aMessage('2', SENDER, [SCREENER, 'Mine'])];
    expect(swept(messages)).toEqual([[SENDER, 'Feed', ['1 Feed', '2 Feed']]]);
  });

  it('is filed into all mailboxes of a chain, and into the Inbox where the category adds it', () => {
    const groups = [aGroup('Feed', [OWN.uid]), aGroup('News', [OWN.uid])];
    const contacts = [{ ...OWN, note: 'Mailroom 2026-01-01: News' }];
    expect(swept([aMessage('1', SENDER, [SCREENER])], { contacts, groups })).toEqual([
      [SENDER, 'News', [`1 News+Feed+${INBOX}`]],
    ]);
  });

  it.each<[string, Message, Parameters<typeof swept>[1]]>([
    ['of a sender without a contact', aMessage('1', SENDER, [SCREENER]), { contacts: [] }],
    ['of a contact in no group', aMessage('1', SENDER, [SCREENER]), { groups: [aGroup('Feed')] }],
    ['of another address', aMessage('1', 'x@example.com', [SCREENER]), {}],
    ['without a sender', aMessage('1', null, [SCREENER]), {}],
    ['under the error label', aMessage('1', SENDER, [SCREENER, ERROR_LABEL]), {}],
    [
      'that waits with a triage label and the error label',
      aMessage('1', SENDER, [SCREENER, '@ToJail', ERROR_LABEL]),
      {},
    ],
  ])('stays %s', (_, message, account) => {
    expect(swept([message], account)).toEqual([]);
  });

  it('is left to the verdict or the objection where its sender has labels', () => {
    const other = aMessage('2', SENDER, [SCREENER]);
    expect(swept([aMessage('1', SENDER, [SCREENER, '@ToJail']), other])).toEqual([]);
    expect(swept([aMessage('1', SENDER, [SCREENER, '@ToJail', '@ToFeed']), other])).toEqual([]);
  });
});

describe('what is taken for having slipped past the rules', () => {
  it('is no mail of whom the cycle objects to, of several senders or of none', () => {
    const objected = aMessage('1', 'a@example.com, b@example.com', [SCREENER, '@ToFeed']);
    const others = [
      { ...aMessage('2', null, [SCREENER]), from: [{ name: null, email: 'a@example.com' }] },
      aMessage('3', null, [SCREENER]),
      aMessage('4', SENDER, [SCREENER]),
    ];
    const from = [
      { name: null, email: 'a@example.com' },
      { name: null, email: 'b@example.com' },
    ];
    const slipped = slippedIn(others, judge([{ ...objected, from }], PLACES), PLACES);
    expect(slipped.map(({ id }) => id)).toEqual(['4']);
  });

  it('is none that has a triage label of its own', () => {
    const labelled = aMessage('1', SENDER, [SCREENER, '@ToJail', ERROR_LABEL]);
    const toBeJudged = aMessage('2', 'x@example.com', [SCREENER, '@ToJail']);
    expect(slippedIn([labelled, toBeJudged], judge([], PLACES), PLACES)).toEqual([]);
  });

  it('is none that has a label for domains or lists alone: a triage label may be on its way', () => {
    const places = { ...PLACES, wholeDomain: '@WholeDomain', wholeList: '@WholeList' };
    const messages = ['@WholeDomain', '@WholeList'].map((label) => aMessage(label, SENDER, [SCREENER, label]));
    expect(slippedIn(messages, judge([], places), places)).toEqual([]);
  });

  it('stays in the Inbox as well, where it is there', () => {
    const slipped = [aMessage('1', SENDER, [SCREENER, INBOX, 'Mine'])];
    const facts = {
      slipped,
      slippedContacts: byAddress([OWN], () => true),
      slippedGroups: [aGroup('Feed', [OWN.uid])],
    };
    const places = placesOf([aCategory('Feed')]);
    const planned = planSweep(facts, { categories: [aCategory('Feed')], places, ownUid: ownUidOf });
    expect(planned.flatMap(({ changes }) => changes.map(({ remove }) => remove))).toEqual([[SCREENER]]);
  });
});
