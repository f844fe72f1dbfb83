import { judge, senderOf } from '../../src/triage/judge';
import type { Message } from '../../src/triage/message';
import { aMessage, DEFAULTS, distinct, ERROR_LABEL, INBOX, placesOf, SCREENER } from '../support/builders';

const PLACES = placesOf(DEFAULTS);
const ANN = 'Ann <ann@example.com>';

function judged(...labelled: readonly Message[]) {
  const { verdicts, objections, leftAlone } = judge(distinct(labelled, 'id'), PLACES);
  return {
    verdicts: verdicts.map(({ sender, category, labelled: own }) => [sender, category.name, own.map(({ id }) => id)]),
    objections: objections.map(({ reason, sender, categories, messages }) => [
      reason,
      sender,
      categories,
      messages.map(({ id }) => id),
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

  it('goes by the first From address alone', () => {
    const message = { ...aMessage('1', ANN, ['@ToFeed']) };
    const two = { ...message, from: [...(message.from ?? []), { name: null, email: 'bob@example.com' }] };
    expect(judged(two).verdicts).toEqual([['ann@example.com', 'Feed', ['1']]]);
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

describe('the sender of a message', () => {
  it.each([
    ['an address', 'Ann@Example.com', 'ann@example.com'],
    ['an apostrophe and an ampersand', "o'brien&sons@example.com", "o'brien&sons@example.com"],
    ['a percent sign', '%20@example.com', '%20@example.com'],
    ['letters beyond ASCII', 'jörg@exämple.org', 'jörg@exämple.org'],
    ['an @ in the local part', '"a@b"@example.com', '"a@b"@example.com'],
  ])('may have %s', (_, email, sender) => {
    expect(senderOf(aMessage('1', email, []))).toBe(sender);
  });

  it.each([
    ['no From at all', null],
    ['an empty address', ''],
    ['a word', 'nobody'],
    ['nothing before the @', '@example.com'],
    ['nothing behind the @', 'ann@'],
    ['a line break', 'ann@example.com\r\nBcc: all@example.com'],
    ['a null character', 'ann\0@example.com'],
    ['half a surrogate pair', 'ann\ud800@example.com'],
    ['what XML forbids', 'ann\uffff@example.com'],
  ])('is nobody with %s', (_, email) => {
    const from = email === null ? null : [{ name: null, email }];
    expect(senderOf({ ...aMessage('1', null, []), from })).toBeNull();
  });

  it('is nobody where From has no address', () => {
    expect(senderOf({ ...aMessage('1', null, []), from: [] })).toBeNull();
  });
});
