import { failsDmarc } from '../../src/triage/authentication';

const ID = 'mx.example.org';

describe('DMARC has failed', () => {
  it.each([
    ['it says so', `${ID}; spf=pass smtp.mailfrom=shop.example; dmarc=fail header.from=shop.example`],
    ['its name has another case', 'MX.Example.ORG; DMARC=FAIL'],
    ['there is a version, and space', ` ${ID} 1 ;\r\n\tdmarc = fail`],
    ['the method has a version', `${ID}; dmarc/1=fail`],
    ['the method has a version, and space', `${ID}; dmarc / 12 = fail`],
    ['there are comments', `${ID} (that is me; really) ; (x) dmarc=fail (p=none dis=none)`],
    ['comments are in comments', `${ID}; dmarc (a (b; dkim=pass) \\) c) =fail`],
    ['a quoted text has a semicolon', `${ID}; dkim=fail reason="bad; signature (" header.d=x; dmarc=fail`],
    ['a comment ends the word', `${ID}; dmarc=fail(p=none)header.from=shop.example`],
    ['a comment has a quotation mark', `${ID} (") ; dmarc=fail`],
    ['the name is quoted', `"${ID}"; dmarc=fail`],
    ['a part of the name is quoted', '"mx".example.org; dmarc=fail'],
    ['the name is quoted, with an escape', '"mx\\.example.org"; dmarc=fail'],
  ])('where %s', (_, value) => {
    expect(failsDmarc([value], [ID])).toBe(true);
  });

  it.each([
    ['it passed', `${ID}; dmarc=pass header.from=shop.example`],
    ['something else has failed', `${ID}; spf=fail; dkim=fail`],
    ['it has no result of it', `${ID}; none`],
    ['it is said in a comment', `${ID}; spf=pass (dmarc=fail; dmarc=fail)`],
    ['it is said in a quoted text', `${ID}; spf=pass reason="x; dmarc=fail"`],
    ['it is the reason of something else', `${ID}; dmarc=pass reason=dmarc=fail`],
    ['it is another word', `${ID}; dmarc=failure; xdmarc=fail`],
    ['it is passing', `${ID}; dmarc=temperror`],
    ['it ends in the middle of an escape', `${ID}; dmarc=fail\\`],
    ['another server says so', 'mx.example.org.evil.example; dmarc=fail'],
    ['a server above it says so', 'example.org; dmarc=fail'],
    ['the header is empty', ''],
    ['it opens without an end', `${ID}; spf=pass ("; dmarc=fail`],
  ])('not where %s', (_, value) => {
    expect(failsDmarc([value], [ID])).toBe(false);
  });

  it('where the topmost header of that name says so, whatever the others say', () => {
    const [fail, pass] = [`${ID}; dmarc=fail`, `${ID}; dmarc=pass`];
    expect(failsDmarc(['other.example; dmarc=pass', fail, pass], [ID])).toBe(true);
    expect(failsDmarc(['other.example; dmarc=fail', pass, fail], [ID])).toBe(false);
  });

  it('where one of several names of the server says so', () => {
    expect(failsDmarc(['mx2.example.org; dmarc=fail'], [ID, 'MX2.example.org'])).toBe(true);
  });

  it('never without a name to believe, nor without a header', () => {
    expect(failsDmarc([`${ID}; dmarc=fail`, '; dmarc=fail'], [])).toBe(false);
    expect(failsDmarc([], [ID])).toBe(false);
  });

  it('in a time that grows with the length of the header alone', () => {
    const value = `${ID}; ${'("\\'.repeat(200_000)}`;
    const start = performance.now();
    expect(failsDmarc([value], [ID])).toBe(false);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
