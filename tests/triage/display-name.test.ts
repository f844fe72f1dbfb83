import { cleanName, comparableName, namesDiffer, personName } from '../../src/triage/display-name';
import { timeRatio } from '../support/time-ratio';

describe('cleanName', () => {
  it.each([
    ['nothing', null, null],
    ['an empty name', '', null],
    ['a name of spaces', ' \t\u00a0 ', null],
    ['a name of control characters', '\0\u0007\r\n', null],
    ['a name of quotes only', '""', null],
    ['a plain name', 'Ann Doe', 'Ann Doe'],
    ['space around and inside', '  Ann \t  Doe ', 'Ann Doe'],
    ['line breaks', 'Ann\r\nBcc: all@example.com', 'Ann Bcc: all@example.com'],
    ['Unicode line breaks', 'Ann\u2028Doe\u2029!\u0085', 'Ann Doe !'],
    ['quotes around the name', '"Ann Doe"', 'Ann Doe'],
    ['space inside the quotes', '" Ann Doe "', 'Ann Doe'],
    ['space outside the quotes', ' "Ann Doe" ', 'Ann Doe'],
    ['apostrophes around the name', "'Ann Doe'", 'Ann Doe'],
    ['quotes inside the name', 'Ann "Annie" Doe', 'Ann "Annie" Doe'],
    ['quotes around its first word', '"Annie" Doe', '"Annie" Doe'],
    ['quotes around its last word', 'Ann "Doe"', 'Ann "Doe"'],
    ['several control characters', 'Ann\0\u0007Doe', 'Ann Doe'],
    ['one apostrophe', "'t Hooft", "'t Hooft"],
    ['a single quote character', '"', '"'],
    ['the characters that cards escape', 'A;B,C\\D:E', 'A;B,C\\D:E'],
    ['half a surrogate pair', 'Ann\ud800Doe', 'Ann Doe'],
    ['what XML forbids', 'Ann\uffffDoe\ufffe', 'Ann Doe'],
    ['an emoji', 'Ann 👩‍🚀', 'Ann 👩‍🚀'],
    ['bidi marks, which are data', 'Ann\u202eeoD', 'Ann\u202eeoD'],
  ])('%s', (_, written, clean) => {
    expect(cleanName(written)).toBe(clean);
  });

  it('keeps 1,000 characters', () => {
    expect(cleanName('x'.repeat(1000))).toBe('x'.repeat(1000));
  });
});

describe('namesDiffer', () => {
  it.each([
    ['the same name', 'Ann Doe', 'Ann Doe'],
    ['case', 'ANN doe', 'Ann Doe'],
    ['quotes', '"Ann Doe"', 'Ann Doe'],
    ['typographic quotes', '„Ann Doe“', 'Ann Doe'],
    ['quotes inside', 'Ann "Annie" Doe', 'Ann Annie Doe'],
    ['surrounding space', ' Ann Doe\t', 'Ann Doe'],
    ['a quote apart', 'Ann Doe “', 'Ann Doe'],
    ['Unicode form', 'Jo\u0308rg', 'Jörg'],
    ['case of letters beyond ASCII', 'JÖRG', 'jörg'],
  ])('does not mind %s', (_, one, other) => {
    expect(namesDiffer(one, other)).toBe(false);
    expect(namesDiffer(other, one)).toBe(false);
  });

  it.each([
    ['another name', 'Ann Doe', 'Bob Doe'],
    ['a part more', 'Ann Doe', 'Ann Doe Ltd'],
    ['a letter of another alphabet', 'Аnn Doe', 'Ann Doe'],
    ['a missing accent', 'Jorg', 'Jörg'],
    ['a letter of compatibility form', 'ﬁrm', 'firm'],
  ])('sees %s', (_, one, other) => {
    expect(namesDiffer(one, other)).toBe(true);
  });
});

describe('personName', () => {
  it.each([
    ['Ann Doe', 'Doe', 'Ann'],
    ['Doe, Ann', 'Doe', 'Ann'],
    ['Doe,Ann', 'Doe', 'Ann'],
    ['Doe , Ann', 'Doe', 'Ann'],
    ['Ann Mary Doe', 'Doe', 'Ann Mary'],
    ['van Doe, Ann Mary', 'van Doe', 'Ann Mary'],
    ['Ann', '', 'Ann'],
    ['Doe,', 'Doe', ''],
    [', Ann', '', 'Ann'],
    ['Ann  Doe', 'Doe', 'Ann'],
    ['', '', ''],
  ])('%s', (name, family, given) => {
    expect(personName(name)).toEqual({ family, given });
  });
});

describe('names that are long on purpose', () => {
  it.each(['"', "'a", ' '])('take time in proportion: %j over and over', (piece) => {
    const inputOf = (length: number) => piece.repeat(length / piece.length);
    const all = (name: string) => [cleanName(name), comparableName(name), personName(name)];
    expect(timeRatio(inputOf, all)).toBeLessThan(20);
  });
});
