import { toBytes } from '../../src/contacts/bytes';
import { UnreadableCards } from '../../src/contacts/unreadable-cards';

const url = new URL('https://dav.example/book/1.vcf');
const reason = 'is no whole vCard';

/** Which of the addresses the text may name. */
function named(text: string | null, addresses?: readonly string[]) {
  const cards = new UnreadableCards();
  cards.lookingFor(addresses)({ url, reason, text: text === null ? null : toBytes(text), status: 207 });
  expect(cards.all).toMatchObject([{ href: url.href, reason }]);
  return cards.all[0]?.mayBelongTo;
}

describe('a card that cannot be read', () => {
  it.each([
    ['its text', 'EMAIL:ann@x'],
    ['capitals', 'EMAIL:ANN@X'],
    ['a fold', 'EMAIL:a\r\n n\n\tn\r @x'],
    ['its text far down', `${'x'.repeat(200_000)}ann@x${'x'.repeat(200_000)}`],
    ['its text across two parts', `${'x'.repeat(65_534)}ann@x`],
  ])('may be of who is named by %s', (_, text) => {
    expect(named(text, ['bob@x', 'ann@x'])).toEqual(['ann@x']);
  });

  it('may be of several, also beyond ASCII', () => {
    expect(named('zoë@x ann@x', ['zoë@x', 'Ann@x', 'cy@x'])).toEqual(['zoë@x', 'Ann@x']);
  });

  it('may be of nobody where it has no text, or nobody is looked for', () => {
    expect(named(null, ['ann@x'])).toEqual([]);
    expect(named('ann@x')).toEqual([]);
  });

  it('is named once, with everybody whom it may be of, and what was wrong last', () => {
    const cards = new UnreadableCards();
    cards.add('a', 'one', ['ann@x', 'bob@x']);
    cards.add('b', 'two');
    cards.add('a', 'three', ['bob@x', 'cy@x']);
    expect(cards.all).toEqual([
      { href: 'a', reason: 'three', mayBelongTo: ['ann@x', 'bob@x', 'cy@x'] },
      { href: 'b', reason: 'two', mayBelongTo: [] },
    ]);
  });
});
