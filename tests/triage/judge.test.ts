import { decisionName } from '../../src/triage/decision';
import { judge, judgesDomains, type RefusedDomains } from '../../src/triage/judge';
import type { Message } from '../../src/triage/message';
import type { Places } from '../../src/triage/places';
import { keyOf } from '../../src/triage/subject';
import {
  aListMessage,
  aMessage,
  DEFAULTS,
  distinct,
  ERROR_LABEL,
  INBOX,
  LIST,
  placesOf,
  placesWithFeatures,
  SCREENER,
  WHOLE_DOMAIN,
  WHOLE_LIST,
} from '../support/builders';

const PLACES = placesOf(DEFAULTS);
const ANN = 'Ann <ann@example.com>';

function judged(labelled: readonly Message[], places = PLACES, refused?: RefusedDomains) {
  const { verdicts, objections, leftAlone } = judge(distinct(labelled, 'id'), places, refused);
  return {
    verdicts: verdicts.map(({ subject, decision, labelled: own }) => [
      keyOf(subject),
      decisionName(decision),
      own.map(({ id }) => id),
    ]),
    objections: objections.map(({ reason, subject, categories, messages, addresses }) => [
      reason,
      subject && keyOf(subject),
      categories,
      messages.map(({ id }) => id),
      ...(addresses.length === 0 ? [] : [addresses]),
    ]),
    leftAlone,
  };
}

describe('judge', () => {
  it('gives nobody a verdict when nothing is labelled', () => {
    expect(judged([])).toEqual({ verdicts: [], objections: [], leftAlone: 0 });
  });

  it('gives each sender the category of its label', () => {
    expect(
      judged([
        aMessage('1', ANN, [SCREENER, '@ToFeed']),
        aMessage('2', 'bob@example.com', ['@ToPerson']),
        aMessage('3', 'cat@example.com', [INBOX, '@ToPaperTrail', 'My label']),
      ]),
    ).toEqual({
      verdicts: [
        ['ann@example.com', 'Feed', ['1']],
        ['bob@example.com', 'Person', ['2']],
        ['cat@example.com', 'Paper Trail', ['3']],
      ],
      objections: [],
      leftAlone: 0,
    });
  });

  it('takes addresses for one sender that differ by case alone, and writes it as the newest message does', () => {
    const { verdicts } = judge(
      [
        aMessage('old', 'Ann <ann@example.com>', ['@ToFeed'], '2026-01-01T00:00:00Z'),
        aMessage('new', 'Ann D. <Ann@Example.com>', ['@ToFeed'], '2026-02-01T00:00:00Z'),
      ],
      PLACES,
    );
    expect(verdicts).toMatchObject([
      {
        subject: { kind: 'sender', address: 'ann@example.com' },
        email: 'Ann@Example.com',
        labelled: [{ id: 'new' }, { id: 'old' }],
      },
    ]);
  });

  it.each([
    ['a plus-address', 'ann+news@example.com'],
    ['a subdomain', 'ann@mail.example.com'],
    ['the Kelvin sign in place of k', '\u212aann@example.com'],
    ['the same display name', 'Ann <ann@evil.example>'],
  ])('takes %s for another sender', (_, other) => {
    expect(judged([aMessage('1', ANN, ['@ToFeed']), aMessage('2', other, ['@ToJail'])]).verdicts).toHaveLength(2);
  });

  describe('on several From addresses', () => {
    const fromAll = (id: string, emails: readonly string[], mailboxIds = ['@ToFeed']): Message => ({
      ...aMessage(id, null, mailboxIds),
      from: emails.map((email) => ({ name: null, email })),
    });
    const BOTH = ['bank@bank.example', 'thief@evil.example'];

    it('objects to a message that may be anybody’s of them', () => {
      expect(judged([fromAll('1', BOTH)])).toEqual({
        verdicts: [],
        objections: [['several senders', null, [], ['1'], BOTH]],
        leftAlone: 0,
      });
    });

    it('takes addresses that differ by case alone for one', () => {
      expect(judged([fromAll('1', ['ann@example.com', 'Ann@Example.com'])]).verdicts).toEqual([
        ['ann@example.com', 'Feed', ['1']],
      ]);
    });

    it.each([
      ['a word', ['ann@example.com', 'nobody']],
      ['an empty address', ['', 'ann@example.com']],
      ['what no card can hold', ['ann@example.com', 'ann\u0000@example.com']],
    ])('takes %s for another one', (_, emails) => {
      expect(judged([fromAll('1', emails)]).objections).toEqual([['several senders', null, [], ['1'], emails]]);
    });

    it('lets each of them go on by other messages', () => {
      const { verdicts, objections } = judged([
        fromAll('1', BOTH),
        aMessage('2', 'bank@bank.example', ['@ToImbox']),
        aMessage('3', 'thief@evil.example', ['@ToJail']),
      ]);
      expect(verdicts).toEqual([
        ['bank@bank.example', 'Imbox', ['2']],
        ['thief@evil.example', 'Jail', ['3']],
      ]);
      expect(objections).toHaveLength(1);
    });

    it('objects once to messages of the same, whatever their order and labels', () => {
      const messages = [
        fromAll('1', BOTH),
        fromAll('2', [...BOTH].reverse(), ['@ToJail']),
        fromAll('3', [...BOTH, 'c@x.example']),
      ];
      expect(judged(messages).objections.map(([, , , ids]) => ids)).toEqual([['1', '2'], ['3']]);
    });
  });

  describe('on labels without a category', () => {
    const places = placesWithFeatures(DEFAULTS);
    const judgedIn = (all: Places, ...mailboxes: readonly (readonly string[])[]) => {
      const { verdicts, objections } = judge(
        mailboxes.map((ids, index) => aMessage(`${index}`, ANN, ids)),
        all,
      );
      return [
        ...verdicts.map(({ decision }) => decisionName(decision)),
        ...objections.map(({ reason, categories }) => [reason, [...categories].sort()]),
      ];
    };

    it.each([
      ['takes the verdict back', [['@ToScreener']], ['Screener']],
      ['takes the sender for spam', [['@ToSpam'], ['@ToSpam', INBOX]], ['Spam']],
      ['objects to a category beside it', [['@ToScreener', '@ToFeed']], [['conflict', ['Feed', 'Screener']]]],
      ['objects to both', [['@ToScreener'], ['@ToSpam']], [['conflict', ['Screener', 'Spam']]]],
    ])('%s', (_, mailboxes, expected) => {
      expect(judgedIn(places, ...mailboxes)).toEqual(expected);
    });

    it('objects to spam where there is no junk mailbox', () => {
      const reason = ['no junk mailbox', ['Spam']];
      expect(judgedIn({ ...places, junk: null }, ['@ToSpam'])).toEqual([reason]);
      expect(judgedIn({ ...places, junk: null }, ['@ToScreener'])).toEqual(['Screener']);
    });
  });

  describe('on what a verdict is on', () => {
    const places = placesWithFeatures(DEFAULTS);
    const refused = { isPublic: (domain: string) => domain === 'mail.example', own: new Set(['home.example']) };
    const judgedHere = (...messages: readonly Message[]) => judged(messages, places, refused);
    const both = (from: string, label = '@ToFeed') => aMessage('1', from, [label, WHOLE_DOMAIN]);

    it.each<[string, Message, readonly unknown[]]>([
      ['the domain', both('ann@shop.example'), ['*@shop.example', 'Feed', ['1']]],
      ['a list', aListMessage('1', 'ann@shop.example', ['@ToFeed', WHOLE_LIST]), [`list:${LIST}`, 'Feed', ['1']]],
      [
        'a domain that is taken back, whatever it is',
        both('a@mail.example', '@ToScreener'),
        ['*@mail.example', 'Screener', ['1']],
      ],
      [
        'the sender alone at such a domain',
        aMessage('1', 'a@mail.example', ['@ToFeed']),
        ['a@mail.example', 'Feed', ['1']],
      ],
      [
        'a list at such a domain',
        aListMessage('1', 'a@mail.example', ['@ToFeed', WHOLE_LIST]),
        [`list:${LIST}`, 'Feed', ['1']],
      ],
    ])('judges %s', (_, message, verdict) => {
      expect(judgedHere(message)).toEqual({ verdicts: [verdict], objections: [], leftAlone: 0 });
    });

    it.each<[string, Message, readonly unknown[]]>([
      ['a public domain', both('a@mail.example'), ['public domain', '*@mail.example', ['Feed'], ['1']]],
      [
        'a public domain as spam',
        both('a@mail.example', '@ToSpam'),
        ['public domain', '*@mail.example', ['Spam'], ['1']],
      ],
      ["the user's own domain", both('me@home.example'), ['own domain', '*@home.example', ['Feed'], ['1']]],
      [
        'both',
        aListMessage('1', 'a@x.example', ['@ToFeed', WHOLE_DOMAIN, WHOLE_LIST]),
        ['domain and list', 'a@x.example', ['Feed'], ['1']],
      ],
      [
        'a message of no list',
        aMessage('1', 'a@x.example', ['@ToFeed', WHOLE_LIST]),
        ['no list', 'a@x.example', ['Feed'], ['1']],
      ],
      [
        'a message to somebody else',
        aListMessage('1', 'a@x.example', ['@ToFeed', WHOLE_LIST], { recipients: ['me@home.example'] }),
        ['not addressed to its list', 'a@x.example', ['Feed'], ['1']],
      ],
      ['a domain of nobody', both('*@shop.example'), ['no sender', null, [], ['1']]],
      [
        'two categories',
        aMessage('1', 'a@x.example', ['@ToFeed', '@ToJail', WHOLE_DOMAIN]),
        ['conflict', '*@x.example', ['Feed', 'Jail'], ['1']],
      ],
    ])('objects to %s', (_, message, objection) => {
      expect(judgedHere(message)).toEqual({ verdicts: [], objections: [objection], leftAlone: 0 });
    });

    it('judges a sender, its domain and its list side by side, and a domain by the messages of all senders', () => {
      const { verdicts, objections } = judgedHere(
        aMessage('sender', 'a@x.example', ['@ToFeed']),
        aMessage('domain', 'a@x.example', ['@ToJail', WHOLE_DOMAIN]),
        aMessage('domain too', 'B@X.example', ['@ToJail', WHOLE_DOMAIN]),
        aListMessage('list', 'a@x.example', ['@ToPaperTrail', WHOLE_LIST]),
      );
      expect([...verdicts].sort()).toEqual([
        ['*@x.example', 'Jail', ['domain', 'domain too']],
        ['a@x.example', 'Feed', ['sender']],
        [`list:${LIST}`, 'Paper Trail', ['list']],
      ]);
      expect(objections).toEqual([]);
    });

    it('objects to two verdicts on one domain, by whichever senders, and lets the senders go on', () => {
      const { verdicts, objections } = judgedHere(
        aMessage('1', 'a@x.example', ['@ToJail', WHOLE_DOMAIN]),
        aMessage('2', 'b@x.example', ['@ToFeed', WHOLE_DOMAIN]),
        aMessage('3', 'b@x.example', ['@ToFeed']),
      );
      expect(verdicts).toEqual([['b@x.example', 'Feed', ['3']]]);
      expect(objections).toEqual([['conflict', '*@x.example', ['Jail', 'Feed'], ['1', '2']]]);
    });

    it('passes over what says what a verdict is on, where none is asked for', () => {
      expect(judgedHere(aMessage('1', 'a@x.example', [SCREENER, WHOLE_DOMAIN, WHOLE_LIST]))).toEqual({
        verdicts: [],
        objections: [],
        leftAlone: 0,
      });
    });

    it('knows only labels that are there', () => {
      expect(judged([both('ann@shop.example')]).verdicts).toEqual([['ann@shop.example', 'Feed', ['1']]]);
    });

    it.each<[string, Message, boolean]>([
      ['a verdict on one', both('a@x.example'), true],
      ['a verdict on a sender', aMessage('1', 'a@x.example', ['@ToFeed']), false],
      ['no verdict at all', aMessage('1', 'a@x.example', [WHOLE_DOMAIN]), false],
      ['what waits for the user', aMessage('1', 'a@x.example', ['@ToFeed', WHOLE_DOMAIN, ERROR_LABEL]), false],
    ])('needs to know of domains for %s: %#', (_, message, needed) => {
      expect(judgesDomains([message], places)).toBe(needed);
    });
  });

  describe('on a conflict', () => {
    it('objects to two labels on two messages', () => {
      expect(judged([aMessage('1', ANN, ['@ToFeed']), aMessage('2', 'ANN@example.com', ['@ToJail'])])).toEqual({
        verdicts: [],
        objections: [['conflict', 'ann@example.com', ['Feed', 'Jail'], ['1', '2']]],
        leftAlone: 0,
      });
    });

    it('objects to two labels on one message', () => {
      expect(judged([aMessage('1', ANN, ['@ToFeed', '@ToJail'])]).objections).toEqual([
        ['conflict', 'ann@example.com', ['Feed', 'Jail'], ['1']],
      ]);
    });

    it('objects to two categories of one group', () => {
      expect(judged([aMessage('1', ANN, ['@ToImbox']), aMessage('2', ANN, ['@ToPerson'])]).objections).toHaveLength(1);
    });

    it('objects to all labelled messages of the sender, those that agree among them too', () => {
      const { objections } = judged([
        aMessage('1', ANN, ['@ToFeed']),
        aMessage('2', ANN, ['@ToJail']),
        aMessage('3', ANN, ['@ToFeed']),
      ]);
      expect(objections[0]?.[3]).toEqual(['1', '2', '3']);
    });

    it('lets other senders go on', () => {
      const { verdicts } = judged([
        aMessage('1', ANN, ['@ToFeed', '@ToJail']),
        aMessage('2', 'bob@example.com', ['@ToFeed']),
      ]);
      expect(verdicts).toEqual([['bob@example.com', 'Feed', ['2']]]);
    });
  });

  it('leaves messages with the error label alone, and counts them', () => {
    expect(
      judged([
        aMessage('1', ANN, ['@ToFeed', '@ToJail', ERROR_LABEL]),
        aMessage('2', null, ['@ToFeed', ERROR_LABEL]),
        aMessage('3', 'bob@example.com', ['@ToJail']),
      ]),
    ).toEqual({ verdicts: [['bob@example.com', 'Jail', ['3']]], objections: [], leftAlone: 2 });
  });

  it('triages a sender by the message from which the user took the error label', () => {
    expect(judged([aMessage('1', ANN, ['@ToFeed']), aMessage('2', ANN, ['@ToJail', ERROR_LABEL])]).verdicts).toEqual([
      ['ann@example.com', 'Feed', ['1']],
    ]);
  });

  it('passes over a message whose label the user took off while it was being read', () => {
    expect(judged([aMessage('1', ANN, [SCREENER]), aMessage('2', 'bob@example.com', [SCREENER, ERROR_LABEL])])).toEqual(
      {
        verdicts: [],
        objections: [],
        leftAlone: 0,
      },
    );
  });

  it('objects to messages without a usable From, whatever their labels', () => {
    expect(judged([aMessage('1', null, ['@ToFeed']), aMessage('2', 'nobody', ['@ToJail'])]).objections).toEqual([
      ['no sender', null, [], ['1', '2']],
    ]);
  });

  it('gives the same judgement whatever the order of the messages', () => {
    const messages = [
      aMessage('1', ANN, ['@ToFeed'], '2026-01-01T00:00:00Z'),
      aMessage('2', ANN, ['@ToFeed'], '2026-01-01T00:00:00Z'),
      aMessage('3', ANN, ['@ToFeed'], '2026-01-03T00:00:00Z'),
    ];
    expect(judge(messages, PLACES)).toEqual(judge([...messages].reverse(), PLACES));
  });
});
