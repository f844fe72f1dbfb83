import { byAddress } from '../../src/triage/by-address';
import type { Contact, Group } from '../../src/triage/contact';
import type { Message } from '../../src/triage/message';
import { addressesUnder, categoriesAfter, categoriesBy, outranks, rulingOn } from '../../src/triage/ruling';
import { domainSubject, keyOf, senderSubject } from '../../src/triage/subject';
import {
  aCategory,
  aContact,
  aGroup,
  aListMessage,
  aMessage,
  DEFAULTS,
  FEED,
  JAIL,
  LIST,
  ownUidOf,
} from '../support/builders';

const NEWS = aCategory('News', { parent: 'Feed' });
const CATEGORIES = [...DEFAULTS, NEWS];

const SENDER = 'ann@shop.example';
const MESSAGE = aMessage('1', SENDER, []);
const ANN = aContact('ann', { addresses: ['ANN@shop.example'] });
const SHOP = aContact('shop', { addresses: ['*@shop.example'] });
const POSTS = aContact('posts', { addresses: [LIST] });
const OTHER_LIST = aContact('other', { addresses: ['other@list.example'] });

function categoryOf(contacts: readonly Contact[], groups: readonly Group[]) {
  const found = byAddress(contacts, () => true);
  return categoriesBy({ categories: CATEGORIES, contactsOf: (one) => found.get(one) ?? [], groups, ownUid: ownUidOf });
}

function ruled(message: Message, contacts: readonly Contact[], groups: readonly Group[]): string | null {
  const ruling = rulingOn(message, categoryOf(contacts, groups), CATEGORIES);
  return ruling === undefined ? null : `${keyOf(ruling.subject)} ${ruling.category.name}`;
}

describe('what rules a message', () => {
  const everything = [
    aGroup('Feed', ['ann']),
    aGroup('Jail domains', ['shop']),
    aGroup('Paper Trail lists', ['posts']),
  ];
  const [ofSender, ofDomain, ofList] = everything as [Group, Group, Group];
  const toList = aListMessage('1', SENDER, []);

  it.each<[string, Message, readonly Contact[], readonly Group[], string | null]>([
    ['its sender’s own verdict before all others', toList, [ANN, SHOP, POSTS], everything, `${SENDER} Feed`],
    ['its domain’s before a list’s', toList, [SHOP, POSTS], everything, '*@shop.example Jail'],
    [
      'its domain’s where its sender’s contact has no verdict',
      toList,
      [ANN, SHOP, POSTS],
      [ofDomain, ofList],
      '*@shop.example Jail',
    ],
    ['a list’s where nothing else does', toList, [ANN, SHOP, POSTS], [ofList], `list:${LIST} Paper Trail`],
    ['nothing, where nobody has a verdict', toList, [ANN, SHOP, POSTS], [], null],
    [
      'a list’s though the message names no list',
      { ...toList, listPost: [] },
      [POSTS],
      [ofList],
      `list:${LIST} Paper Trail`,
    ],
    ['no list’s that it is not addressed to', { ...toList, recipients: [] }, [POSTS], [ofList], null],
    ['no list’s by the posting address as a sender', aMessage('1', LIST, []), [POSTS], [ofList], null],
    [
      'the posting address’s own as a sender',
      aMessage('1', LIST, []),
      [POSTS],
      [ofList, aGroup('Feed', ['posts'])],
      `${LIST} Feed`,
    ],
    ['no list’s by a group of senders', toList, [POSTS], [aGroup('Feed', ['posts'])], null],
    ['a domain’s by a group of senders too', MESSAGE, [SHOP], [aGroup('Feed', ['shop'])], '*@shop.example Feed'],
    [
      'a domain’s by a group of senders first',
      MESSAGE,
      [SHOP],
      [ofDomain, aGroup('Feed', ['shop'])],
      '*@shop.example Feed',
    ],
    ['no domain’s for a subdomain', aMessage('1', 'ann@my.shop.example', []), [SHOP], [ofDomain], null],
    ['no domain’s for a look-alike', aMessage('1', 'ann@myshop.example', []), [SHOP], [ofDomain], null],
    ['nothing without a sender', { ...toList, from: null }, [ANN, SHOP, POSTS], everything, null],
    [
      'the sender’s by any of its contacts',
      MESSAGE,
      [aContact('b', { addresses: [SENDER] }), ANN],
      [ofSender],
      `${SENDER} Feed`,
    ],
  ])('is %s', (_, message, contacts, groups, expected) => {
    expect(ruled(message, contacts, groups)).toBe(expected);
  });

  describe('of several lists', () => {
    const both = { ...toList, recipients: [LIST, 'other@list.example'] };
    const groupsOf = (first: string, second: string) => [
      aGroup(`${first} lists`, ['posts']),
      aGroup(`${second} lists`, ['other']),
    ];
    it.each([
      ['the one that comes first in the settings', 'Jail', 'Feed', 'Feed'],
      ['the same, whoever is addressed first', 'Feed', 'Jail', 'Feed'],
      ['the deepest of a chain', 'Feed', 'News', 'News'],
    ])('is %s', (_, first, second, winner) => {
      expect(ruled(both, [POSTS, OTHER_LIST], groupsOf(first, second))?.split(' ').at(-1)).toBe(winner);
    });
  });

  it('is told of two categories that share a group by the line on its own kind', () => {
    const line = 'Mailroom 2026-01-01:';
    const note = `${line} Person <${SENDER}>\n${line} Imbox <list:${SENDER}>`;
    const contact = aContact('ann', { addresses: [SENDER], note });
    const groups = [aGroup('Imbox', ['ann']), aGroup('Imbox lists', ['ann'])];
    const of = categoryOf([contact], groups);
    expect(of(senderSubject(SENDER))?.name).toBe('Person');
    expect(of({ kind: 'list', address: SENDER })?.name).toBe('Imbox');
  });

  it('is what the verdicts of this cycle make of it', () => {
    const before = categoryOf([ANN, SHOP], [ofSender, ofDomain]);
    const verdict = (decision: typeof FEED | 'take back' | 'spam', subject = senderSubject(SENDER)) => ({
      subject,
      email: subject.address,
      decision,
      labelled: [],
    });
    const ruledAfter = (...verdicts: readonly ReturnType<typeof verdict>[]) =>
      rulingOn(MESSAGE, categoriesAfter(before, verdicts), CATEGORIES)?.category.name;
    expect(ruledAfter(verdict(JAIL))).toBe('Jail');
    expect(ruledAfter(verdict('take back'))).toBe('Jail');
    expect(ruledAfter(verdict('spam'), verdict('take back', domainSubject(SENDER)))).toBeUndefined();
    expect(ruledAfter(verdict('take back'), verdict(FEED, domainSubject(SENDER)))).toBe('Feed');
  });
});

it('a sender outranks its domain, and a domain a list', () => {
  const [sender, domain, list] = [
    senderSubject(SENDER),
    domainSubject(SENDER),
    { kind: 'list' as const, address: LIST },
  ];
  expect([outranks(sender, domain), outranks(domain, list), outranks(list, domain), outranks(list, list)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

it('the contacts that fall under a domain are those of its senders without a verdict', () => {
  const contacts = [
    ANN,
    SHOP,
    aContact('bob', { addresses: ['Bob@shop.example', 'bob@home.example'] }),
    aContact('sub', { addresses: ['x@my.shop.example'] }),
  ];
  const of = categoryOf(contacts, [aGroup('Feed', ['ann'])]);
  expect(addressesUnder(domainSubject(SENDER), contacts, of)).toEqual(['bob@shop.example']);
});
