import { fromBytes, toBytes } from '../../src/contacts/bytes';
import { readCard } from '../../src/contacts/card';
import { makeLine, parameterOf, readLines } from '../../src/contacts/content-line';
import { isPristine } from '../../src/contacts/pristine';
import { unescapeText } from '../../src/contacts/text-value';
import { MailroomError } from '../../src/errors';
import { timeRatio } from '../support/time-ratio';

function read(text: string) {
  const [line] = readLines(toBytes(text));
  if (line === undefined) throw new Error('no line');
  return line;
}

describe('reading content lines', () => {
  it.each([
    ['a plain line', 'FN:Ann\r\n', 'FN', 'Ann'],
    ['a line that ends in LF alone', 'FN:Ann\n', 'FN', 'Ann'],
    ['a line without an end', 'FN:Ann', 'FN', 'Ann'],
    ['a name in small letters', 'fn:Ann\r\n', 'FN', 'Ann'],
    ['a group before the name', 'item1.EMAIL;TYPE=work:ann@x\r\n', 'EMAIL', 'ann@x'],
    ['space around the name', 'item1. FN :Ann\r\n', 'FN', 'Ann'],
    ['a value with colons', 'URL:http://x:80/\r\n', 'URL', 'http://x:80/'],
    ['a quoted parameter with ; : and ,', 'X-A;P="a;b:c,d";Q=1:v\r\n', 'X-A', 'v'],
    ['a quote that is never closed', 'X-A;P="a:v\r\n', 'X-A', 'v'],
    ['quotes in a value', 'NOTE:say "a:b"\r\n', 'NOTE', 'say "a:b"'],
    ['folds by space and by tab', 'NOTE:a\r\n  b\r\n\tc\r\n', 'NOTE', 'a bc'],
    ['a fold before the colon', 'NO\r\n TE:a\r\n', 'NOTE', 'a'],
    ['an empty value', 'NOTE:\r\n', 'NOTE', ''],
    ['a line without a colon', 'garbage\r\n', '', 'garbage'],
    ['a bare CR, which ends no line', 'NOTE:a\rb\r\n', 'NOTE', 'a\rb'],
    ['64 KiB before a colon', `${'x'.repeat(65_536)}:v\r\n`, 'X'.repeat(65_536), 'v'],
    ['more than 64 KiB before a colon as no name', `${'x'.repeat(65_537)}:v\r\n`, '', `${'x'.repeat(65_537)}:v`],
    ['a byte order mark', '\ufeffBEGIN:VCARD\r\n', 'BEGIN', 'VCARD'],
  ])('reads %s', (_, text, name, value) => {
    expect(read(text)).toMatchObject({ name, raw: toBytes(text) });
    expect(fromBytes(read(text).value)).toBe(value);
  });

  it('reads parameters with quotes, lists and without a name', () => {
    const { parameters } = read('TEL;HOME;type="a;b",c;X-P ="d:e";X-Q=a"b",c,"a"b:1\r\n');
    expect(parameters).toEqual([
      { name: '', values: ['HOME'] },
      { name: 'TYPE', values: ['a;b', 'c'] },
      { name: 'X-P', values: ['d:e'] },
      { name: 'X-Q', values: ['a"b"', 'c', '"a"b'] },
    ]);
    expect(parameterOf(read('NOTE;encoding=Quoted-Printable:x'), 'ENCODING')).toEqual(['quoted-printable']);
  });

  it('reads a character that a fold has torn apart', () => {
    const bytes = toBytes('NOTE:é\r\n').replace('\xc3\xa9', '\xc3\r\n \xa9');
    const [line] = readLines(bytes);
    expect(fromBytes(line?.value ?? '')).toBe('é');
  });

  it('takes a line break at the very beginning for an empty line', () => {
    expect(readLines('\nFN:Ann\r\n').map(({ raw }) => raw)).toEqual(['\n', 'FN:Ann\r\n']);
  });

  it('keeps every byte of every line, sense or not', () => {
    const text = 'A:b\r\n\r\n \r\nno colon\n\tx\r\n:\r\nÿ:\xff';
    const bytes = Buffer.from(text, 'latin1').toString('latin1');
    const lines = readLines(bytes);
    expect(lines.map(({ raw }) => raw).join('')).toBe(bytes);
  });
});

describe('making content lines', () => {
  const physicalLines = (value: string) => fromBytes(makeLine('NOTE', toBytes(value), '\r\n').raw).split('\r\n');

  it('leaves a line of 75 octets whole, and folds one of 76', () => {
    expect(physicalLines('x'.repeat(70))).toEqual([`NOTE:${'x'.repeat(70)}`, '']);
    expect(physicalLines('x'.repeat(145))).toEqual([`NOTE:${'x'.repeat(70)}`, ` ${'x'.repeat(74)}`, ' x', '']);
    expect(physicalLines('x'.repeat(71))).toEqual([`NOTE:${'x'.repeat(70)}`, ' x', '']);
  });

  it.each([66, 67, 68, 69, 70, 71])('never folds inside a character: 😀 after %d others', (count) => {
    const value = `${'x'.repeat(count)}${'😀'.repeat(40)}é`;
    const lines = physicalLines(value);
    for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    expect(lines.join('')).not.toContain('\ufffd');
    expect(fromBytes(makeLine('NOTE', toBytes(value), '\r\n').value)).toBe(value);
  });

  it('folds bytes that are no UTF-8 all the same', () => {
    const value = '\x80'.repeat(500);
    expect(makeLine('NOTE', value, '\n').value).toBe(value);
  });
});

describe('reading hostile cards', () => {
  const document = (inside: string) => `BEGIN:VCARD\r\n${inside}\r\nEND:VCARD\r\n`;

  it.each([
    ['a long value', (piece: string) => `NOTE:${piece}`, 'x'],
    ['a value of escapes', (piece: string) => `NOTE:${piece}`, '\\n'],
    ['folds', (piece: string) => `NOTE:${piece}`, '\r\n x'],
    ['folds before the colon', (piece: string) => `NOTE${piece}:x`, '\r\n '],
    ['lines of CR', (piece: string) => piece, '\r'],
    ['short lines', (piece: string) => piece, 'NOTE:xxxxxxxxxxxx\r\n'],
    ['parameters', (piece: string) => `NOTE${piece}:x`, ';A=b,c'],
    ['quotes', (piece: string) => `NOTE;A=${piece}:x`, '"'],
    ['a quote that is never closed', (piece: string) => `NOTE;A="${piece}`, ':'],
    ['no colon', (piece: string) => piece, 'x'],
    ['groups', (piece: string) => `${piece}NOTE:x`, 'a.'],
    ['components begun', (piece: string) => piece, 'BEGIN:VCARD\r\n'],
  ])('takes time in proportion to their length: %s', (_, inside, piece) => {
    const attempt = (text: string) => {
      try {
        const card = readCard(text);
        card.properties.map(({ value, parameters }) => [unescapeText(value), parameters]);
        isPristine(card);
      } catch (error) {
        if (!(error instanceof MailroomError)) throw error;
      }
    };
    const ratio = timeRatio((length) => document(inside(piece.repeat(length / piece.length))), attempt);
    expect(ratio).toBeLessThan(20);
  });
});
