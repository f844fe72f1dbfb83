import { plain } from '../../src/mail/json';
import { timeRatio } from '../support/time-ratio';

describe('what a server says about a failure, for a log', () => {
  it.each([
    ['a sentence', 'Too many mailboxes', 'Too many mailboxes'],
    ['an address', 'no ann@sender.example here', 'no … here'],
    ['addresses that hang together', '<ann@x.example>,<bob@y.example>', '…'],
    ['line breaks and control characters', 'a\r\n b\u0000c', 'a b c'],
    ['something else than text', { a: 1 }, ''],
  ])('is one line without addresses: %s', (_, said, shown) => {
    expect(plain(said)).toBe(shown);
  });

  it.each([
    ['up to them', 'x'.repeat(200), 'x'.repeat(200)],
    ['between words', 'word '.repeat(50), `${'word '.repeat(39)}…`],
    ['so that no part of a secret stays', `${'x'.repeat(190)} secret-token`, `${'x'.repeat(190)} …`],
    ['also where there is but one word', 'x'.repeat(201), '…'],
  ])('is cut to 200 characters %s', (_, said, shown) => {
    expect(plain(said)).toBe(shown);
  });

  it.each(['x', '@', 'x@ ', ' ', '\u0000'])('takes time in proportion to its length: %j over and over', (piece) => {
    expect(timeRatio((length) => piece.repeat(length / piece.length), plain)).toBeLessThan(20);
  });
});
