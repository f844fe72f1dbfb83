import stringWidth from 'string-width';
import { escapeInvisible, isPlain } from '../src/printable';

describe('what nobody sees', () => {
  it.each([
    ['\u001b[2J', '\\u001b[2J'],
    ['a\nb\u2028c', 'a\\u000ab\\u2028c'],
    ['\u202eexe.pdf', '\\u202eexe.pdf'],
    ['pay\u200bpal', 'pay\\u200bpal'],
    ['pay\u200dpal', 'pay\\u200dpal'],
    ['1\u200d2', '1\\u200d2'],
    ['a\u00adb\ufeff\u2060\u3164', 'a\\u00adb\\ufeff\\u2060\\u3164'],
    ['x\ufe0f', 'x\\ufe0f'],
    ['a\u{e0041}', 'a\\udb40\\udc41'],
    ['a\ud800b', 'a\\ud800b'],
  ])('is escaped: %j', (text, escaped) => {
    expect(escapeInvisible(text)).toBe(escaped);
    expect(JSON.parse(`"${escaped}"`)).toBe(text);
  });

  it.each([
    'Amélie',
    'Ame\u0301lie',
    '日本語',
    'می\u200cخواهم',
    'क्\u200dष',
    '❤\ufe0f',
    '1\ufe0f\u20e3',
    '👩🏽\u200d🚀',
    '👨\u200d👩\u200d👧',
  ])('stays where writing needs it: %s', (text) => {
    expect(escapeInvisible(text)).toBe(text);
  });
});

describe('a plain text', () => {
  const PLAIN = Array.from({ length: 0x10_000 }, (_, code) => String.fromCharCode(code)).filter(isPlain);

  it('is of letters that are seen and have one column each', () => {
    expect(PLAIN.length).toBeGreaterThan(600);
    for (const letter of PLAIN) {
      expect([letter, stringWidth(letter)]).toEqual([letter, 1]);
      expect(escapeInvisible(`${letter}\u200b`)).toBe(`${letter}\\u200b`);
    }
  });
});
