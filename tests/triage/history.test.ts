import { readCard } from '../../src/contacts/card';
import { editContact, toContact } from '../../src/contacts/contact-card';
import { cleanText } from '../../src/triage/card-text';
import { cleanName } from '../../src/triage/display-name';
import {
  breaksHistory,
  type HistoryEntry,
  historyLine,
  historyLines,
  historyOf,
  readHistory,
} from '../../src/triage/history';
import { isAddress } from '../../src/triage/sender';
import { senderSubject, subjectAt } from '../../src/triage/subject';
import { seededRandom } from '../support/seeded-random';
import { timeRatio } from '../support/time-ratio';

const FIRST: HistoryEntry = { date: '2026-03-01', category: 'Feed', from: null, subject: null, name: null };

describe('a line of history', () => {
  it.each<[string, Partial<HistoryEntry>, string]>([
    ['the first verdict', {}, 'Mailroom 2026-03-01: Feed'],
    ['a change', { from: 'Imbox' }, 'Mailroom 2026-03-01: Imbox → Feed'],
    [
      'whose verdict it is',
      { subject: senderSubject('ann@example.com') },
      'Mailroom 2026-03-01: Feed <ann@example.com>',
    ],
    [
      'an odd address',
      { subject: senderSubject('a>b <c> "x"@example.com') },
      'Mailroom 2026-03-01: Feed <a>b <c> "x"@example.com>',
    ],
    ['an empty name filled', { name: { how: 'filled', name: 'Ann' } }, 'Mailroom 2026-03-01: Feed (name filled: Ann)'],
    ['a missing name added', { name: { how: 'added', name: 'Ann' } }, 'Mailroom 2026-03-01: Feed (name added: Ann)'],
    [
      'a name in brackets',
      { name: { how: 'added', name: 'Ann (work) <ann@x>' } },
      'Mailroom 2026-03-01: Feed (name added: Ann (work) <ann@x>)',
    ],
    [
      'everything',
      {
        from: 'Paper Trail',
        category: 'My Own',
        subject: senderSubject('ann@example.com'),
        name: { how: 'filled', name: 'ann@example.com' },
      },
      'Mailroom 2026-03-01: Paper Trail → My Own <ann@example.com> (name filled: ann@example.com)',
    ],
    ['a category with a colon', { category: 'A: B' }, 'Mailroom 2026-03-01: A: B'],
    ['a category in brackets', { category: 'Feed (new)' }, 'Mailroom 2026-03-01: Feed (new)'],
    [
      'a name that looks like the rest of a line',
      { subject: senderSubject('s@x.example'), name: { how: 'filled', name: 'Ann <x@y> (name filled: Bob' } },
      'Mailroom 2026-03-01: Feed <s@x.example> (name filled: Ann <x@y> (name filled: Bob)',
    ],
    [
      'the same on a contact of its own',
      { name: { how: 'filled', name: 'Ann <x@y> (name added: Bob)' } },
      'Mailroom 2026-03-01: Feed (name filled: Ann <x@y> (name added: Bob))',
    ],
    [
      'an address that looks like the rest of a line',
      { subject: senderSubject('"a@b> (name filled: "@evil.example'), name: { how: 'added', name: 'Ann' } },
      'Mailroom 2026-03-01: Feed <mailto:%22a%40b%3E%20(name%20filled%3A%20%22@evil.example> (name added: Ann)',
    ],
    [
      'an address that looks encoded',
      { subject: senderSubject('mailto:%41@evil.example') },
      'Mailroom 2026-03-01: Feed <mailto:mailto%3A%2541@evil.example>',
    ],
    [
      'an address that looks encoded and is not',
      { subject: senderSubject('mailto:%zz@evil.example') },
      'Mailroom 2026-03-01: Feed <mailto:%zz@evil.example>',
    ],
    [
      'an address with a line separator of Unicode',
      { subject: senderSubject('a\u2028b@example.com') },
      'Mailroom 2026-03-01: Feed <a\u2028b@example.com>',
    ],
    [
      'a domain',
      { subject: { kind: 'domain', address: '*@shop.example' } },
      'Mailroom 2026-03-01: Feed <*@shop.example>',
    ],
    [
      'a mailing list',
      { subject: { kind: 'list', address: 'posts@list.example' }, name: { how: 'filled', name: 'Posts' } },
      'Mailroom 2026-03-01: Feed <list:posts@list.example> (name filled: Posts)',
    ],
    [
      'a sender that looks like a mailing list',
      { subject: senderSubject('list:posts@list.example') },
      'Mailroom 2026-03-01: Feed <mailto:list:posts@list.example>',
    ],
    [
      'a mailing list that looks like the rest of a line',
      { subject: { kind: 'list', address: '"a@b> (name filled: "@x.example' }, name: { how: 'added', name: 'Ann' } },
      'Mailroom 2026-03-01: Feed <list:mailto:%22a%40b%3E%20(name%20filled%3A%20%22@x.example> (name added: Ann)',
    ],
  ])('says %s and is read back', (_, fields, line) => {
    expect(historyLine({ ...FIRST, ...fields })).toBe(line);
    expect(readHistory(line)).toEqual([{ ...FIRST, ...fields }]);
  });

  it.each<[string, string, Partial<HistoryEntry>]>([
    ['without an address in the angle brackets', 'Feed <nobody>', { category: 'Feed <nobody>' }],
    ['whose angle bracket is open', 'Feed <ann@example.com', { category: 'Feed <ann@example.com' }],
    ['with nothing in front of the @', 'Feed <@example.com>', { category: 'Feed <@example.com>' }],
    ['with nothing behind the @', 'Feed <ann@>', { category: 'Feed <ann@>' }],
    [
      'with nothing behind the @, and a name',
      'Feed <ann@> (name filled: Ann)',
      { category: 'Feed <ann@>', name: { how: 'filled', name: 'Ann' } },
    ],
    ['whose round bracket is open', 'Feed (name filled: Ann', { category: 'Feed (name filled: Ann' }],
    ['with an address and no angle bracket', 'x y@example.com>', { category: 'x y@example.com>' }],
    ['with an arrow first', ' → Feed', { from: '', category: 'Feed' }],
  ])('that somebody has changed says what it says: one %s', (_, text, fields) => {
    expect(readHistory(`Mailroom 2026-03-01: ${text}`)).toEqual([{ ...FIRST, ...fields }]);
  });

  it('that says no verdict is none', () => {
    expect(readHistory('Mailroom 2026-03-01: ')).toEqual([]);
  });

  it('without a name is about the contact’s sender or domain, and never about a list', () => {
    const note = 'Mailroom 2026-03-01: Feed\nMailroom 2026-03-02: Jail <list:posts@list.example>';
    const verdicts = (kind: 'sender' | 'domain' | 'list') => historyOf(note, kind).map(({ category }) => category);
    expect([verdicts('sender'), verdicts('domain'), verdicts('list')]).toEqual([['Feed'], ['Feed'], ['Jail']]);
  });

  it('is read back from a card, whatever the names are', () => {
    const random = seededRandom(7);
    const pieces = [
      ...[
        'Mailroom 2026-03-01: ',
        ' <',
        '>',
        ' (name filled: ',
        ' (name added: ',
        ')',
        '@',
        'mailto:',
        'list:',
        '*@',
        '%41',
        '%',
        ' → ',
      ],
      ...[
        ' ',
        'a',
        'Feed',
        '"',
        '\\',
        '\\n',
        ';',
        ',',
        ':',
        '(',
        '\n',
        '\r',
        '\u2028',
        '\u0085',
        '\0',
        'ß',
        '😀',
        '\ud800',
        'e\u0301',
      ],
    ];
    const text = () => Array.from({ length: random.below(9) }, () => random.pick(pieces)).join('');
    const entries: HistoryEntry[] = [];
    while (entries.length < 1_000) {
      const [category, from, sender, name] = [
        `${text()}A`,
        `${text()}B`,
        cleanText(`${text()}a@b${text()}`),
        cleanName(text()),
      ];
      if ([category, from].some((one) => breaksHistory(one) || /\p{C}/u.test(one)) || !isAddress(sender)) continue;
      entries.push({
        ...FIRST,
        category,
        from: random.pick([null, from]),
        subject: random.pick([null, subjectAt(sender), { kind: 'list' as const, address: sender }]),
        name: name === null ? null : { how: random.pick(['filled', 'added']), name },
      });
    }
    for (const entry of entries) {
      const card = readCard('BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u\r\nFN:\r\nNOTE:mine\r\nEND:VCARD\r\n');
      const edited = editContact(card, { addNoteLine: historyLine(entry), formattedName: entry.name?.name });
      const contact = toContact(edited ?? card, 'https://dav.test/u.vcf');
      expect([readHistory(contact?.note ?? ''), contact?.formattedName]).toEqual([[entry], entry.name?.name ?? '']);
    }
  });

  it.each([
    ['names without an end', (length: number) => `Mailroom 2026-01-01: ${' <@>'.repeat(length / 4)}x`],
    ['names in names', (length: number) => `Mailroom 2026-01-01: F${' <a@b> (name filled: '.repeat(length / 21)}`],
    ['arrows', (length: number) => `Mailroom 2026-01-01: F${' → '.repeat(length / 3)}`],
    ['brackets', (length: number) => `Mailroom 2026-01-01: F <${'@'.repeat(length)}`],
    ['many lines', (length: number) => 'Mailroom 2026-01-01: F <a@b\n'.repeat(length / 28)],
  ])('takes time in proportion to its length: %s', (_, note) => {
    expect(timeRatio(note, readHistory)).toBeLessThan(10);
  });

  it.each([
    ['an empty note', ''],
    ['what the user wrote', 'Met at the fair'],
    ['a line that only mentions Mailroom', 'Mailroom put this here'],
    ['a line without a day', 'Mailroom: Feed'],
    ['a line that quotes one', '> Mailroom 2026-03-01: Feed'],
  ])('is not found in %s', (_, note) => {
    expect(readHistory(note)).toEqual([]);
    expect(historyLines(note)).toEqual([]);
  });

  it('is found between the lines of the user, oldest first', () => {
    const note = 'Met at the fair\nMailroom 2026-03-01: Feed\n\nowes me 5\nMailroom 2026-04-01: Feed → Jail\n';
    expect(readHistory(note).map(({ date, category }) => [date, category])).toEqual([
      ['2026-03-01', 'Feed'],
      ['2026-04-01', 'Jail'],
    ]);
    expect(historyLines(note)).toEqual(['Mailroom 2026-03-01: Feed', 'Mailroom 2026-04-01: Feed → Jail']);
  });
});
