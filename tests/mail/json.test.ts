import type { Answer } from '../../src/http/messages';
import { plain, readJson } from '../../src/mail/json';
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

describe('the JSON of an answer', () => {
  const read = (text: string) => readJson({ status: 200, text: async () => text } as Answer, 'GET /');

  it.each<[string, string]>([
    ['a login page', '<!DOCTYPE html><p>Log in</p>'],
    ['nothing', ''],
    ['a list', '[]'],
    ['an object that was cut off', '{"a":[1,2'],
  ])('is none: %s', async (_, text) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'protocol' });
  });

  // Each of them takes more than the heap of a pod where it is parsed.
  it.each<[string, string]>([
    ['lists in lists', `{"a":${'['.repeat(2_000_000)}${']'.repeat(2_000_000)}}`],
    ['lists without an end', '['.repeat(4_000_000)],
    ['objects in objects', `${'{"a":'.repeat(700_000)}1${'}'.repeat(700_000)}`],
    ['empty objects', `{"a":[${'{},'.repeat(1_400_000)}{}]}`],
    ['numbers', `{"a":[${'1,'.repeat(2_000_000)}1]}`],
    ['members', `{${Array.from({ length: 400_000 }, (_, i) => `"${i.toString(36)}":1`).join(',')}}`],
  ])('is not parsed where it has more values than anybody asks for: %s', async (_, text) => {
    const before = process.memoryUsage().heapUsed;
    await expect(read(text)).rejects.toMatchObject({ code: 'protocol', message: expect.stringContaining('values') });
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(8_000_000);
  });

  it.each<[string, string]>([
    ['separators in a text', ',[{:'.repeat(200_000)],
    ['quotes in a text', '",'.repeat(400_000)],
    ['backslashes in a text', '\\",'.repeat(200_000)],
  ])('is read whatever its texts hold: %s', async (_, text) => {
    await expect(read(JSON.stringify({ text }))).resolves.toEqual({ text });
  });
});
