import { type ContentLine, parseCard } from './vcard-text';
import { childNamed, childrenNamed, type Element } from './xml';

/** True for the cards that a CARDDAV:filter wants (RFC 6352, section 10.5). */
export function cardFits(filter: Element | undefined, text: string): boolean {
  const card = parseCard(text) ?? [];
  const tests = childrenNamed(filter, 'prop-filter').map((each) => propertyFits(each, card));
  if (tests.length === 0) return true;
  return filter?.attributes.test === 'allof' ? tests.every(Boolean) : tests.some(Boolean);
}

/** Looks, as Cyrus does, at properties without a group alone: `item1.EMAIL` is not found as EMAIL. */
function propertyFits(filter: Element, card: readonly ContentLine[]): boolean {
  const name = filter.attributes.name?.toUpperCase();
  const lines = card.filter((line) => line.name === name && !line.isGrouped);
  if (childNamed(filter, 'is-not-defined') !== undefined) return lines.length === 0;
  const matches = childrenNamed(filter, 'text-match');
  if (matches.length === 0) return lines.length > 0;
  return lines.some(({ value }) => {
    const tests = matches.map((match) => textFits(match, value));
    return filter.attributes.test === 'allof' ? tests.every(Boolean) : tests.some(Boolean);
  });
}

function textFits({ attributes, text }: Element, value: string): boolean {
  const fold = attributes.collation === 'i;octet' ? (whole: string) => whole : foldAscii;
  const [wanted, found] = [fold(text), fold(value)];
  const isMatch = {
    equals: found === wanted,
    'starts-with': found.startsWith(wanted),
    'ends-with': found.endsWith(wanted),
    contains: found.includes(wanted),
  }[attributes['match-type'] ?? 'contains'];
  return isMatch !== (attributes['negate-condition'] === 'yes');
}

function foldAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
