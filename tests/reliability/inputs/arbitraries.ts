import fc from 'fast-check';

/** What texts are made of that break parsers: separators, escapes, line ends, other scripts, and what is no UTF-8 text. */
const TOKENS = [
  ...[
    '\\',
    '\\n',
    '\\N',
    '\\,',
    '\\;',
    ',',
    ';',
    ':',
    '"',
    "'",
    '=',
    '^n',
    '\r\n',
    '\n',
    '\r',
    '\r\n ',
    '\n\t',
    ' ',
    '\t',
  ],
  ...[
    '<',
    '>',
    '&',
    '&amp;',
    '&#0;',
    ']]>',
    '<![CDATA[',
    '<!--',
    '-->',
    '</',
    '/>',
    '@',
    '→',
    ' → ',
    '(name filled: ',
    ')',
  ],
  ...[
    'Mailroom 2026-01-01: ',
    'mailto:',
    '%',
    '%zz',
    '\u0000',
    '\u0007',
    '\u00e4',
    '\u2028',
    '\u202e',
    '\ufeff',
    '\ufffd',
    '😀',
    '\ud800',
  ],
  ...['__proto__', 'constructor', 'hasOwnProperty', 'BEGIN:VCARD', 'END:VCARD', 'NOTE', 'item1.', 'urn:uuid:'],
];

export const text = fc
  .array(
    fc.oneof(fc.constantFrom(...TOKENS), fc.string({ maxLength: 6 }), fc.string({ unit: 'grapheme', maxLength: 3 })),
    {
      maxLength: 10,
    },
  )
  .map((parts) => parts.join(''));

/** A text of one line. */
export const line = text.map((each) => each.replace(/[\r\n\u2028\u2029]/g, ''));

const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,7}$/);
const lineEnd = fc.constantFrom('\r\n', '\n');

const parameter = fc.oneof(
  fc
    .tuple(
      word,
      line.map((value) => `"${value.replaceAll('"', '')}"`),
    )
    .map((pair) => pair.join('=')),
  fc.constantFrom(
    'TYPE=HOME',
    'TYPE=home,pref',
    'PREF=1',
    'VALUE=text',
    'ENCODING=b',
    'CHARSET=UTF-8',
    'QUOTED-PRINTABLE',
  ),
);

const property = fc.oneof(
  {
    arbitrary: fc.constantFrom('NOTE', 'FN', 'EMAIL', 'item1.EMAIL', 'TEL', 'N', 'ORG', 'REV', 'X-ABLabel', 'MEMBER'),
    weight: 4,
  },
  { arbitrary: word, weight: 1 },
);

/** A content line (RFC 6350, section 3.3) without its end, perhaps folded; sometimes no such thing. */
export const contentLine = fc.oneof(
  {
    arbitrary: fc
      .tuple(property, fc.array(parameter, { maxLength: 2 }), line, fc.nat({ max: 40 }))
      .map(([name, parameters, value, fold]) => {
        const whole = `${[name, ...parameters].join(';')}:${value}`;
        return fold < 5 || fold >= whole.length ? whole : `${whole.slice(0, fold)}\r\n ${whole.slice(fold)}`;
      }),
    weight: 6,
  },
  { arbitrary: line, weight: 1 },
);

/** A card of a contact, with lines of any kind between those that every card has. */
export const card = fc
  .tuple(fc.constantFrom('3.0', '4.0'), fc.array(contentLine, { maxLength: 6 }), lineEnd)
  .map(([version, lines, end]) =>
    ['BEGIN:VCARD', `VERSION:${version}`, 'UID:some-uid', ...lines.filter(isHarmless), 'END:VCARD', ''].join(end),
  );

/** A card of a group. */
export const groupCard = fc
  .tuple(
    fc.array(
      fc.oneof(
        contentLine,
        word.map((uid) => `X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:${uid}`),
      ),
      { maxLength: 6 },
    ),
    lineEnd,
  )
  .map(([lines, end]) =>
    [
      'BEGIN:VCARD',
      'VERSION:3.0',
      'UID:a-group',
      'FN:Group',
      'X-ADDRESSBOOKSERVER-KIND:group',
      ...lines.filter(isHarmless),
      'END:VCARD',
      '',
    ].join(end),
  );

/** Any part of a text lost, doubled, or in another place. */
export function damaged(whole: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(
      whole,
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 60 }), fc.constantFrom('cut', 'double', 'insert'), text), {
        maxLength: 4,
      }),
    )
    .map(([start, wounds]) =>
      wounds.reduce((each, [where, length, how, token]) => {
        const at = each.length === 0 ? 0 : where % each.length;
        if (how === 'cut') return each.slice(0, at) + each.slice(at + length);
        if (how === 'double') return each.slice(0, at + length) + each.slice(at);
        return each.slice(0, at) + token + each.slice(at);
      }, start),
    );
}

/** The JSON value with any of its parts replaced by something else, or gone. */
export function spoiled(value: unknown): fc.Arbitrary<unknown> {
  const places = placesIn(value, []);
  return fc
    .array(
      fc.tuple(fc.constantFrom(...places), fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant(undefined), text)),
      {
        minLength: 1,
        maxLength: 3,
      },
    )
    .map((changes) => changes.reduce((whole, [place, part]) => withPart(whole, place, part), value));
}

type Place = readonly (string | number)[];

function placesIn(value: unknown, place: Place): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [place];
  return [place, ...Object.entries(value).flatMap(([name, part]) => placesIn(part, [...place, name]))];
}

function withPart(value: unknown, [step, ...rest]: Place, part: unknown): unknown {
  if (step === undefined) return part;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value))
    return value.map((each, index) => (String(index) === step ? withPart(each, rest, part) : each));
  const changed = Object.entries(value).map(([name, each]) => [
    name,
    name === step ? withPart(each, rest, part) : each,
  ]);
  return Object.fromEntries(changed);
}

/** Groups and components have rules of their own, and a UID is there already. */
function isHarmless(each: string): boolean {
  return !/^\s|^(?:[^:;.]*\.)?(?:BEGIN|END|UID|VERSION|KIND|X-ADDRESSBOOKSERVER-KIND)\s*[;:]/i.test(each);
}
