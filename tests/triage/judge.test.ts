import { type Decision, decisionName } from '../../src/triage/decision';
import { judge } from '../../src/triage/judge';
import type { Message } from '../../src/triage/message';
import type { Places } from '../../src/triage/places';
import { aMessage, DEFAULTS, distinct, ERROR_LABEL, INBOX, placesOf, SCREENER } from '../support/builders';

const PLACES = placesOf(DEFAULTS);
const ANN = 'Ann <ann@example.com>';

function judged(...labelled: readonly Message[]) {
  const { verdicts, objections, leftAlone } = judge(distinct(labelled, 'id'), PLACES);
  return {
    verdicts: verdicts.map(({ sender, decision, labelled: own }) => [
      sender,
      decisionName(decision),
      own.map(({ id }) => id),
    ]),
    objections: objections.map(({ reason, sender, categories, messages, addresses }) => [
      reason,
      sender,
      categories,
      messages.map(({ id }) => id),
      ...(addresses.length === 0 ? [] : [addresses]),
    ]),
    leftAlone,
  };
}

describe('judge', () => {
  it('gives nobody a verdict when nothing is labelled', () => {
    expect(judged()).toEqual({ verdicts: [], objections: [], leftAlone: 0 });
  });

  it('gives each sender the category of its label', () => {
    expect(
      judged(
        aMessage('1', ANN, [SCREENER, '@ToFeed']),
        aMessage('2', 'bob@example.com', ['@ToPerson']),
        aMessage('3', 'cat@example.com', [INBOX, '@ToPaperTrail', 'My label']),
      ),
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
        sender: 'ann@example.com',
        from: { name: 'Ann D.', email: 'Ann@Example.com' },
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
    expect(judged(aMessage('1', ANN, ['@ToFeed']), aMessage('2', other, ['@ToJail'])).verdicts).toHaveLength(2);
  });

  describe('on several From addresses', () => {
    const fromAll = (id: string, emails: readonly string[], mailboxIds = ['@ToFeed']): Message => ({
      ...aMessage(id, null, mailboxIds),
      from: emails.map((email) => ({ name: null, email })),
    });
    const BOTH = ['bank@bank.example', 'thief@evil.example'];

    it('objects to a message that may be anybody’s of them', () => {
      expect(judged(fromAll('1', BOTH))).toEqual({
        verdicts: [],
        objections: [['several senders', null, [], ['1'], BOTH]],
        leftAlone: 0,
      });
    });

    it('takes addresses that differ by case alone for one', () => {
      expect(judged(fromAll('1', ['ann@example.com', 'Ann@Example.com'])).verdicts).toEqual([
        ['ann@example.com', 'Feed', ['1']],
      ]);
    });

    it.each([
      ['a word', ['ann@example.com', 'nobody']],
      ['an empty address', ['', 'ann@example.com']],
      ['what no card can hold', ['ann@example.com', 'ann\u0000@example.com']],
    ])('takes %s for another one', (_, emails) => {
      expect(judged(fromAll('1', emails)).objections).toEqual([['several senders', null, [], ['1'], emails]]);
    });

    it('lets each of them go on by other messages', () => {
      const { verdicts, objections } = judged(
        fromAll('1', BOTH),
        aMessage('2', 'bank@bank.example', ['@ToImbox']),
        aMessage('3', 'thief@evil.example', ['@ToJail']),
      );
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
      expect(judged(...messages).objections.map(([, , , ids]) => ids)).toEqual([['1', '2'], ['3']]);
    });
  });

  describe('on labels without a category', () => {
    const places = placesOf(DEFAULTS, {
      labels: new Map<string, Decision>([
        ...DEFAULTS.map((category) => [category.label, category] as const),
        ['@ToScreener', 'take back'],
        ['@ToSpam', 'spam'],
      ]),
    });
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

  describe('on a conflict', () => {
    it('objects to two labels on two messages', () => {
      expect(judged(aMessage('1', ANN, ['@ToFeed']), aMessage('2', 'ANN@example.com', ['@ToJail']))).toEqual({
        verdicts: [],
        objections: [['conflict', 'ann@example.com', ['Feed', 'Jail'], ['1', '2']]],
        leftAlone: 0,
      });
    });

    it('objects to two labels on one message', () => {
      expect(judged(aMessage('1', ANN, ['@ToFeed', '@ToJail'])).objections).toEqual([
        ['conflict', 'ann@example.com', ['Feed', 'Jail'], ['1']],
      ]);
    });

    it('objects to two categories of one group', () => {
      expect(judged(aMessage('1', ANN, ['@ToImbox']), aMessage('2', ANN, ['@ToPerson'])).objections).toHaveLength(1);
    });

    it('objects to all labelled messages of the sender, those that agree among them too', () => {
      const { objections } = judged(
        aMessage('1', ANN, ['@ToFeed']),
        aMessage('2', ANN, ['@ToJail']),
        aMessage('3', ANN, ['@ToFeed']),
      );
      expect(objections[0]?.[3]).toEqual(['1', '2', '3']);
    });

    it('lets other senders go on', () => {
      const { verdicts } = judged(
        aMessage('1', ANN, ['@ToFeed', '@ToJail']),
        aMessage('2', 'bob@example.com', ['@ToFeed']),
      );
      expect(verdicts).toEqual([['bob@example.com', 'Feed', ['2']]]);
    });
  });

  it('leaves messages with the error label alone, and counts them', () => {
    expect(
      judged(
        aMessage('1', ANN, ['@ToFeed', '@ToJail', ERROR_LABEL]),
        aMessage('2', null, ['@ToFeed', ERROR_LABEL]),
        aMessage('3', 'bob@example.com', ['@ToJail']),
      ),
    ).toEqual({ verdicts: [['bob@example.com', 'Jail', ['3']]], objections: [], leftAlone: 2 });
  });

  it('triages a sender by the message from which the user took the error label', () => {
    expect(judged(aMessage('1', ANN, ['@ToFeed']), aMessage('2', ANN, ['@ToJail', ERROR_LABEL])).verdicts).toEqual([
      ['ann@example.com', 'Feed', ['1']],
    ]);
  });

  it('passes over a message whose label the user took off while it was being read', () => {
    expect(judged(aMessage('1', ANN, [SCREENER]), aMessage('2', 'bob@example.com', [SCREENER, ERROR_LABEL]))).toEqual({
      verdicts: [],
      objections: [],
      leftAlone: 0,
    });
  });

  it('objects to messages without a usable From, whatever their labels', () => {
    expect(judged(aMessage('1', null, ['@ToFeed']), aMessage('2', 'nobody', ['@ToJail'])).objections).toEqual([
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
