import { redaction } from '../src/redaction';
import { timeRatio } from './support/time-ratio';

const SECRET = 'fmu1-Ab+c/d"e\\f g-d1c0ffee==';
const redact = redaction([SECRET, 'long-and-longer', 'long-and'], '[redacted]');

describe('redaction', () => {
  it.each([
    ['as it is', SECRET],
    ['as a part of a URL', encodeURIComponent(SECRET)],
    ['as a path', encodeURI(SECRET)],
    ['percent-encoded in small letters', encodeURIComponent(SECRET).replace(/%../g, (hex) => hex.toLowerCase())],
    ['percent-encoded wholly', [...Buffer.from(SECRET)].map((byte) => `%${byte.toString(16)}`).join('')],
    ['in JSON', JSON.stringify(SECRET).slice(1, -1)],
    ['in JSON with slashes escaped', JSON.stringify(SECRET).slice(1, -1).replaceAll('/', '\\/')],
    ['in JSON in numbers', [...SECRET].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')],
    ['in lower case', SECRET.toLowerCase()],
    ['without padding', SECRET.slice(0, -2)],
  ])('takes out a secret %s', (_, form) => {
    expect(redact(`before ${form} after`)).toMatch(/^before \[redacted\]((=|%3d|\\u003d){2})? after$/i);
  });

  it.each(['', ' 100%', ' "\\"'])(
    'takes out every one of them, and the longer of two that begin alike, before%s',
    (end) => {
      expect(redact(`long-and-longer long-and, long-and${end}`)).toBe(`[redacted] [redacted], [redacted]${end}`);
    },
  );

  it('takes a secret for no pattern, and the mark for none either', () => {
    expect(redaction(['a.c.e'], '$&')('abcde a.c.e')).toBe('abcde $&');
    expect(redaction(['a.c.e'], '$&')('abcde a.c.e %')).toBe('abcde $& %');
  });

  it('leaves alone what is hardly a secret', () => {
    expect(redaction(['', 'a', 'and'], 'x')('a and b')).toBe('a and b');
    expect(redaction(['Token'], 'x')('the token')).toBe('the token');
  });

  it.each(['', '%'])('takes time in proportion to the text, %j before it or not', (start) => {
    const worst = redaction(['aaaaaaaaaaaaaaab'], 'x');
    expect(timeRatio((length) => start + 'a'.repeat(length), worst)).toBeLessThan(20);
  });
});
