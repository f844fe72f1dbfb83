import fc from 'fast-check';
import { domainLore } from '../../src/domains/look-alikes';
import { formsOf, isInternational, isLookAlike, isWithinOneEdit, textsInLookAlikes } from '../../src/triage/look-alike';

const areAlike = (one: string, other: string) => isLookAlike(formsOf(one, domainLore), formsOf(other, domainLore));

describe('a look-alike', () => {
  it.each([
    ['has a character more', 'paypall.com', 'paypal.com'],
    ['has a character less', 'payal.com', 'paypal.com'],
    ['has another character', 'paypai.com', 'paypal.com'],
    ['has two that changed places', 'papyal.com', 'paypal.com'],
    ['has another beginning', 'apypal.com', 'paypal.com'],
    ['has another end', 'paypal.co', 'paypal.com'],
    ['has r and n for m', 'rnicrosoft.com', 'microsoft.com'],
    ['has digits for letters', 'g00g1e.com', 'google.com'],
    ['has letters of another script', 'xn--80ak6aa92e.com', 'appie.com'],
    ['has them in Unicode', 'аррӏе.com', 'appie.com'],
    ['has them, and another letter', 'xn--80ak6aa92e.com', 'apple.com'],
    ['has an accent', 'pàypal.com', 'paypal.com'],
    ['has an accent, as ASCII', 'xn--pypal-rqa.com', 'paypal.com'],
    ['is below another domain', 'shopp.example', 'shop.example'],
  ])('%s: %s for %s', (_, domain, other) => {
    expect(areAlike(domain, other)).toBe(true);
    expect(areAlike(other, domain)).toBe(true);
  });

  it.each([
    ['the domain itself', 'paypal.com', 'paypal.com'],
    ['the domain itself in another form', 'xn--bcher-kva.example', 'bücher.example'],
    ['another domain', 'amazon.com', 'paypal.com'],
    ['one that differs by two characters', 'paypol.de', 'paypal.com'],
    ['a part of it', 'paypal.com', 'mail.paypal.com'],
    ['one with the same letters in another order', 'aplpay.com', 'paypal.com'],
    ['one where those that changed places are no neighbours', 'yapp.example', 'papy.example'],
  ])('is not %s: %s and %s', (_, domain, other) => {
    expect(areAlike(domain, other)).toBe(false);
  });

  const label = fc.string({ unit: fc.constantFrom(...'abcmnr01-'), minLength: 1, maxLength: 12 });
  const domain = fc.tuple(label, fc.constantFrom('com', 'de', 'co.uk', 'example')).map((parts) => parts.join('.'));
  const edit = fc.record({ kind: fc.constantFrom('add', 'drop', 'replace', 'swap'), at: fc.nat(), character: label });

  it('is found by texts that are in its address, wherever one character differs', () => {
    fc.assert(
      fc.property(domain, edit, (own, { kind, at, character }) => {
        const characters = Array.from(own);
        const place = at % characters.length;
        const [before = '', after = ''] = [characters[place], characters[place + 1]];
        const one = character.slice(0, 1);
        if (kind === 'add') characters.splice(place, 0, one);
        if (kind === 'drop') characters.splice(place, 1);
        if (kind === 'replace') characters.splice(place, 1, one);
        if (kind === 'swap') characters.splice(place, 2, after, before);
        const other = characters.join('');
        expect(isWithinOneEdit(Array.from(own), Array.from(other))).toBe(true);
        expect(textsInLookAlikes(own, domainLore).filter((text) => `ann@${other}`.includes(text))).not.toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['rnicrosoft.com', 'microsoft.com'],
    ['g00g1e.com', 'google.com'],
    ['xn--80ak6aa92e.com', 'apple.com'],
    ['paypa1.com', 'paypal.com'],
  ])('is found where its characters look like others: %s for %s', (own, other) => {
    expect(textsInLookAlikes(own, domainLore).filter((text) => `ann@${other}`.includes(text))).not.toEqual([]);
  });
});

describe('within one edit', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '😀'), maxLength: 6 });

  it('is what the distance of Damerau and Levenshtein says', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(isWithinOneEdit(Array.from(one), Array.from(other))).toBe(
          distance(Array.from(one), Array.from(other)) <= 1,
        );
      }),
      { numRuns: 2_000 },
    );
  });

  /** By its definition, for short texts. */
  function distance(one: readonly string[], other: readonly string[]): number {
    if (one.length === 0 || other.length === 0) return one.length + other.length;
    const [[a, ...as], [b, ...bs]] = [one, other];
    const swapped = as[0] === b && bs[0] === a && as.length > 0 && bs.length > 0;
    return Math.min(
      distance(as, other) + 1,
      distance(one, bs) + 1,
      distance(as, bs) + (a === b ? 0 : 1),
      ...(swapped ? [distance(as.slice(1), bs.slice(1)) + 1] : []),
    );
  }
});

describe('an international domain', () => {
  it.each(['bücher.example', 'xn--bcher-kva.example', 'shop.xn--p1ai', 'SHOP.XN--P1AI', 'аррӏе.com'])(
    'is %s',
    (domain) => {
      expect(isInternational(domain)).toBe(true);
    },
  );

  it.each(['shop.example', 'xn.example', 'axn--a.example', 'x-n--a.example'])('is not %s', (domain) => {
    expect(isInternational(domain)).toBe(false);
  });
});
