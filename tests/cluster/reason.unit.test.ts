import { oneLine, publicReason, truncate } from '../../src/cluster/reason';

describe('a public reason', () => {
  it.each([
    ['an address', 'no contact for ann@example.com yet', 'no contact for <address> yet'],
    ['an address in angle brackets', 'Ann <ann@example.com>: refused', 'Ann <<address>>: refused'],
    ['an odd address', "o'brien&sons+x@mail.example.co.uk, then more", '<address>, then more'],
    ['a quoted local part', 'from "ann smith"@example.com', 'from <address>'],
    ['an address outside ASCII', 'jürgen@exämple.de failed', '<address> failed'],
    ['an address in a URL path', 'PUT https://dav.example.com/user/ann@example.com/Default/x.vcf', undefined],
    ['an encoded address in a URL path', 'PUT https://dav.example.com/user/ann%40example.com/Default/', undefined],
  ])('has not got %s', (_, text, expected) => {
    const reason = publicReason(text);
    if (expected !== undefined) expect(reason).toBe(expected);
    expect(reason).toContain('<address>');
    expect(reason).not.toMatch(/ann@|ann%40|ürgen|smith|brien/);
  });

  it.each([
    'Missing: the mailboxes "@ToFeed", @ToJail and (@MailroomError); run.js setup --apply',
    "the label '@ToFeed' is not there",
    'JMAP: POST https://api.fastmail.com/jmap/api failed: HTTP 503, 3 times',
  ])('leaves alone what only looks like an address: %s', (text) => {
    expect(publicReason(text)).toBe(text);
  });

  it.each([
    ['a bearer token', 'authorization: Bearer fmu1-abc_DEF.123=='],
    ['basic credentials', 'authorization: Basic dXNlcjpodW50ZXIy'],
    ['user information in a URL', 'GET https://user:hunter2@example.com/x failed'],
    ['a secret that is known', 'rejected: fmu1-abc_DEF.123 twice fmu1-abc_DEF.123'],
  ])('has not got %s', (_, text) => {
    expect(publicReason(text, ['fmu1-abc_DEF.123', ''])).not.toMatch(/fmu1|dXNl|hunter2/);
  });

  it('is one line without control characters and bidi marks', () => {
    expect(publicReason('one\r\ntwo\tthree\u0000\u001b[31mfour\u202e\u2066\u2028five  ')).toBe(
      'one two three [31mfour five',
    );
  });

  it('has at most 1,024 bytes of UTF-8 and no half characters', () => {
    const reason = publicReason('😀'.repeat(1000));
    expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(1024);
    expect(reason).toMatch(/^(😀)+…$/u);
    expect(publicReason('x'.repeat(1024))).toBe('x'.repeat(1024));
  });

  it('takes no longer for a hostile text', () => {
    const started = performance.now();
    publicReason(`${'a"'.repeat(50_000)}${'a.'.repeat(50_000)}`);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('a line', () => {
  it('keeps its words', () => {
    expect(oneLine(' a\n b ')).toBe('a b');
    expect(truncate('abc', 3)).toBe('abc');
    expect(truncate('abcdef', 5)).toBe('ab…');
  });
});
