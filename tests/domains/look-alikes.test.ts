import { readFileSync } from 'node:fs';
import { confusablesInDomains } from '../../src/bundle/data-alone.mjs';
import { domainLore } from '../../src/domains/look-alikes';

describe('a skeleton', () => {
  it.each([
    ['paypal', 'paypal'],
    ['раураӏ', 'paypai'],
    ['g00gle', 'google'],
    ['paypa1', 'paypal'],
    ['microsoft', 'rnicrosoft'],
    ['bücher', 'bu\u0308cher'],
    ['', ''],
  ])('of %s is %s', (text, skeleton) => {
    expect(domainLore.skeletonOf(text)).toBe(skeleton);
  });

  it('is the same by what the bundle has of the table, for each letter, mark and digit that looks like ASCII in a domain', () => {
    const source = readFileSync('node_modules/unhomoglyph/data.json', 'utf8');
    const inBundle = new Map(Object.entries(JSON.parse(confusablesInDomains(source)) as Record<string, string>));
    const characters = Object.keys(JSON.parse(source) as object).filter(
      (character) =>
        /^[\p{L}\p{M}\p{N}]$/u.test(character) &&
        // As a sample of the scripts in which registries give domains.
        /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Hebrew}\p{Script=Thai}\p{Script=Arabic}\p{Script=Common}]/u.test(
          character,
        ) &&
        // The form that IDNA leaves as it is (RFC 5892, section 2).
        character === character.normalize('NFKC').toLowerCase(),
    );
    expect(characters.length).toBeGreaterThan(400);
    const skeletonInBundle = (character: string) => (inBundle.get(character) ?? character).toLowerCase();
    const different = characters.filter((character) => {
      const skeleton = domainLore.skeletonOf(character);
      return /^[a-z0-9]+$/.test(skeleton) && skeletonInBundle(character) !== skeleton;
    });
    expect(different).toEqual([]);
  });
});

describe('the form that people see', () => {
  it.each([
    ['xn--bcher-kva.example', 'bücher.example'],
    ['Shop.Example', 'shop.example'],
    ['shop.example', 'shop.example'],
    ['xn--a', 'xn--a'],
    ['no domain', 'no domain'],
  ])('of %s is %s', (domain, shown) => {
    expect(domainLore.toUnicode(domain)).toBe(shown);
  });
});
