import { type ContentLine, foldAscii } from './vcard-text';
import { childNamed, childrenNamed, type Element } from './xml';

type Test<T> = (subject: T) => boolean;

/** Tells the cards that a CARDDAV:filter wants (RFC 6352, section 10.5). */
export function testOfCard(filter: Element | undefined): Test<readonly ContentLine[]> {
  const tests = childrenNamed(filter, 'prop-filter').map(testOfProperty);
  return tests.length === 0 ? () => true : together(filter, tests);
}

/** Looks, as Cyrus does, at properties without a group alone: `item1.EMAIL` is not found as EMAIL. */
function testOfProperty(filter: Element): Test<readonly ContentLine[]> {
  const name = filter.attributes.name?.toUpperCase();
  const isMeant = (line: ContentLine): boolean => line.name === name && !line.isGrouped;
  if (childNamed(filter, 'is-not-defined') !== undefined) return (card) => !card.some(isMeant);
  const matches = childrenNamed(filter, 'text-match');
  if (matches.length === 0) return (card) => card.some(isMeant);
  const fits = together(filter, matches.map(testOfText));
  return (card) => card.some((line) => isMeant(line) && fits(line));
}

function testOfText({ attributes, text }: Element): Test<ContentLine> {
  const isExact = attributes.collation === 'i;octet';
  const wanted = isExact ? text : foldAscii(text);
  const matches = TEXT_MATCHES[attributes['match-type'] ?? 'contains'] ?? (() => false);
  const expected = attributes['negate-condition'] !== 'yes';
  return ({ value, folded }) => matches(isExact ? value : folded, wanted) === expected;
}

const TEXT_MATCHES: Readonly<Record<string, (found: string, wanted: string) => boolean>> = {
  equals: (found, wanted) => found === wanted,
  'starts-with': (found, wanted) => found.startsWith(wanted),
  'ends-with': (found, wanted) => found.endsWith(wanted),
  contains: (found, wanted) => found.includes(wanted),
};

/** All of the tests, or any of them. */
function together<T>(filter: Element | undefined, tests: readonly Test<T>[]): Test<T> {
  return filter?.attributes.test === 'allof'
    ? (subject) => tests.every((test) => test(subject))
    : (subject) => tests.some((test) => test(subject));
}
