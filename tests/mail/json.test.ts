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

  it('is cut to 200 characters', () => {
    expect(plain('x'.repeat(1_000))).toHaveLength(200);
  });

  it.each(['x', '@', 'x@ ', ' ', '\u0000'])('takes time in proportion to its length: %j over and over', (piece) => {
    expect(timeRatio((length) => piece.repeat(length / piece.length), plain)).toBeLessThan(20);
  });
});
