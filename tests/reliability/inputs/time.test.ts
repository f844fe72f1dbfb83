import { readSettings } from '../../../src/config';
import { cardBytes, readCard } from '../../../src/contacts/card';
import { editContact, toContact } from '../../../src/contacts/contact-card';
import { toGroup } from '../../../src/contacts/group-card';
import { cleanName, namesDiffer } from '../../../src/triage/display-name';
import { historyLine, readHistory } from '../../../src/triage/history';
import { senderOf } from '../../../src/triage/sender';
import { senderSubject } from '../../../src/triage/subject';
import { parseYaml } from '../../../src/yaml';
import { readXml } from '../../contacts/read-xml';
import { extent, figure } from '../extent';
import { onlyMailroomErrors } from './holding';

/** Characters of an input. At this size what takes the square of its length takes minutes. */
const LENGTH = extent(100_000, 400_000);

/** Milliseconds of CPU that no input of that length needs; most take a hundredth of it. */
const ENOUGH = extent(1_500, 6_000);

/** What is repeated: each parser's own separators, openings without an end, and what expressions go back over. */
const TOKENS = [
  ...[
    'a',
    ' ',
    '\t',
    '\\',
    '\\n',
    '"',
    ',',
    ';',
    ':',
    '.',
    '=',
    '\r\n ',
    '\n',
    '\r',
    ';A="b"',
    'item1.',
    'BEGIN:VCARD\r\n',
  ],
  ...[
    'NOTE:x\r\n',
    'MEMBER:urn:uuid:a\r\n',
    '<a>',
    '<a ',
    ' b="c"',
    '<!--',
    '<![CDATA[',
    ']]>',
    '&amp;',
    '<D:response>',
    '<',
  ],
  ...[
    '@',
    'a@',
    '.@',
    ' <a@b>',
    ' (name filled: ',
    ' → ',
    'Mailroom 2026-01-01: ',
    '\nMailroom 2026-01-01: a <a@',
    '\u0301',
    "'",
  ],
  ...['- ', '[', '{', '{a: ', '&a ', '*a ', '- a: b\n  ', '  ', '%', 'mailto:'],
];

const card = (lines: string): string => `BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u\r\n${lines}\r\nEND:VCARD\r\n`;

const REQUIRED = { MAILROOM_JMAP_TOKEN: 't', MAILROOM_CARDDAV_USERNAME: 'u', MAILROOM_CARDDAV_PASSWORD: 'p' };

const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  'a card': (text) => cardBytes(readCard(text)),
  'a contact’s lines': (text) => toContact(readCard(card(text)), 'https://dav.test/x'),
  'a note': (text) => editContact(readCard(card(`NOTE:${text}`)), { addNoteLine: 'x', dropNoteLines: ['y'] }),
  'a group’s lines': (text) =>
    toGroup(readCard(card(`X-ADDRESSBOOKSERVER-KIND:group\r\n${text}`)), 'https://dav.test/x'),
  'an XML document': (text) => readXml(`<a>${text}`),
  'the attributes of an element': (text) => readXml(`<a ${text}/>`),
  'the history in a note': (text) => readHistory(text),
  'a line of history': (text) => readHistory(`Mailroom 2026-01-01: Feed <${text}`),
  'an address with history': (text) =>
    historyLine({ date: '2026-01-01', category: 'Feed', from: null, subject: senderSubject(`${text}@x`), name: null }),
  'a From': (text) =>
    senderOf({ id: '1', mailboxIds: [], from: [{ name: null, email: text }], receivedAt: '2026-01-01T00:00:00Z' }),
  'a display name': (text) => [cleanName(text), namesDiffer(text, `${text}x`)],
  MAILROOM_CATEGORIES: (text) => readSettings({ ...REQUIRED, MAILROOM_CATEGORIES: text }, {}, parseYaml),
};

it.each(Object.keys(READERS))('%s takes a time in proportion to its length, whatever it repeats', (what) => {
  const read = READERS[what] as (text: string) => unknown;
  const slow: string[] = [];
  let longest = 0;
  for (const token of TOKENS) {
    const text = token.repeat(LENGTH / token.length);
    const before = process.cpuUsage();
    onlyMailroomErrorsOr(read, text);
    const { user } = process.cpuUsage(before);
    longest = Math.max(longest, user / 1_000);
    if (user / 1_000 > ENOUGH) slow.push(JSON.stringify(token));
  }
  expect(slow).toEqual([]);
  figure(`time: ${what}, ${LENGTH} characters of ${TOKENS.length} kinds, at most ${Math.round(longest)} ms`);
});

/** An XML document has errors of its own, which become Mailroom's where answers are read. */
function onlyMailroomErrorsOr(read: (text: string) => unknown, text: string): void {
  onlyMailroomErrors(() => {
    try {
      read(text);
    } catch (error) {
      if (!(error instanceof Error && error.name === 'XmlError')) throw error;
    }
  });
}
