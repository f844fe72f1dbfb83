import { cardBytes, readCard } from '../../src/contacts/card';
import { editContact, toContact } from '../../src/contacts/contact-card';
import type { ContactEdit } from '../../src/triage/contact';
import { card, parse, seeded, textOf, unfolded } from './cards';

const HREF = 'https://dav.example/book/1.vcf';
const LINE = 'Mailroom 2026-03-04: Feed';
const PHOTO = `PHOTO;ENCODING=b;TYPE=JPEG:${'QUJD'.repeat(12)}\r\n ${'REVG'.repeat(18)}\r\n  x`;

function edited(lines: readonly string[], edit: ContactEdit, options = {}): readonly string[] {
  return textOf(editContact(parse(card(lines, options)), edit))
    .split(/\r?\n/)
    .slice(2, -2);
}

describe('reading a contact', () => {
  const read = (lines: readonly string[]) => toContact(parse(card(['UID:u', ...lines])), HREF);

  it.each([
    ['an address under a group', ['item1.EMAIL;TYPE=INTERNET:A@x'], { addresses: ['A@x'] }],
    ['all addresses', ['EMAIL:a@x', 'email;type=pref:b@x'], { addresses: ['a@x', 'b@x'] }],
    ['an escaped address', ['EMAIL:"a\\,b\\\\"@x'], { addresses: ['"a,b\\"@x'] }],
    ['an address that is no URI, though it is said to be one', ['EMAIL:mailto:100%@x'], { addresses: ['100%@x'] }],
    ['no FN as null', [], { formattedName: null }],
    ['an empty FN as empty', ['FN:'], { formattedName: '' }],
    ['escapes in FN', ['FN:Doe\\, Zoë\\; \\Nx\\\\n'], { formattedName: 'Doe, Zoë; \nx\\n' }],
    ['all notes', ['NOTE:a\\nb', 'item2.NOTE;LANGUAGE=en:c'], { note: 'a\nb\nc' }],
    ['no note that is encoded', ['NOTE;ENCODING=QUOTED-PRINTABLE:=41', 'NOTE:b'], { note: 'b' }],
    ['no note that is a link', ['NOTE;VALUE=uri:http://x'], { note: '' }],
    ['a UUID without its prefix, in lower case', [], { uid: 'u' }],
  ])('reads %s', (_, lines, expected) => {
    expect(read(lines)).toMatchObject(expected);
  });

  it.each([
    ['urn:uuid:0A1B2C3D-1111-4222-8333-444455556666', '0a1b2c3d-1111-4222-8333-444455556666'],
    ['0A1B2C3D-1111-4222-8333-444455556666', '0a1b2c3d-1111-4222-8333-444455556666'],
    ['URN:UUID:Vips', 'Vips'],
    ['A\\,b', 'A,b'],
    [' A ', 'A'],
    ['x-urn:uuid:A', 'x-urn:uuid:A'],
  ])('reads the UID %s as %s', (written, uid) => {
    expect(toContact(parse(card([`UID:${written}`])), HREF)).toMatchObject({ uid });
  });

  it('takes groups of both kinds, and cards without UID, for no contacts', () => {
    expect(read(['X-ADDRESSBOOKSERVER-KIND:group'])).toBeNull();
    expect(read(['x-addressbookserver-kind:Group'])).toBeNull();
    expect(read(['KIND:group'])).toBeNull();
    expect(read(['KIND:individual'])).not.toBeNull();
    expect(toContact(parse(card(['FN:x'])), HREF)).toBeNull();
  });

  it.each(['X', 'VCARD'])('does not look into components that are nested in the card: %s', (nested) => {
    const lines = [`BEGIN:${nested}`, 'EMAIL:other@x', `END:${nested}`, 'EMAIL:a@x'];
    expect(read(lines)).toMatchObject({ addresses: ['a@x'] });
  });

  it('reads a card whose first and last line are in small letters, with space around', () => {
    const text = card(['UID:u']).replace('BEGIN:VCARD', 'begin: vcard ').replace('END:VCARD', 'end: vcard ');
    expect(toContact(parse(text), HREF)).toMatchObject({ uid: 'u' });
  });

  it.each([
    ['a page', '<html>'],
    ['nothing', ''],
    ['a calendar', card(['FN:x']).replaceAll('VCARD', 'VCALENDAR')],
    ['a card that is cut off', 'BEGIN:VCARD\r\nFN:x\r\n'],
  ])('refuses %s', (_, text) => {
    expect(() => parse(text)).toThrow('no whole vCard');
  });
});

describe('adding a line to NOTE', () => {
  it.each<[string, string[], string[]]>([
    ['makes a NOTE where there is none', ['FN:a'], ['FN:a', `NOTE:${LINE}`]],
    ['goes behind what the user wrote', ['NOTE:mine\\; x', 'FN:a'], [`NOTE:mine\\; x\\n${LINE}`, 'FN:a']],
    ['begins below the first line of an empty NOTE', ['NOTE:'], [`NOTE:\\n${LINE}`]],
    ['keeps an empty line at the end', ['NOTE:a\\n'], [`NOTE:a\\n\\n${LINE}`]],
    ['keeps group and parameters', ['item1.Note;X="a:b":a'], [`item1.Note;X="a:b":a\\n${LINE}`]],
    ['takes the first NOTE', ['NOTE:a', 'NOTE:b'], [`NOTE:a\\n${LINE}`, 'NOTE:b']],
    [
      'takes the NOTE with history',
      ['NOTE:a', 'NOTE:b\\nMailroom 2026-01-01: Jail'],
      ['NOTE:a', `NOTE:b\\nMailroom 2026-01-01: Jail\\n${LINE}`],
    ],
    [
      'leaves an encoded NOTE alone',
      ['NOTE;ENCODING=QUOTED-PRINTABLE:caf=C3=A9=', '=0Ax', 'FN:a'],
      ['NOTE;ENCODING=QUOTED-PRINTABLE:caf=C3=A9=', '=0Ax', 'FN:a', `NOTE:${LINE}`],
    ],
    ['leaves a NOTE of vCard 2.1 alone', ['NOTE;QUOTED-PRINTABLE:=41'], ['NOTE;QUOTED-PRINTABLE:=41', `NOTE:${LINE}`]],
    ['takes a NOTE of vCard 2.1 with another encoding', ['NOTE;8BIT:a'], [`NOTE;8BIT:a\\n${LINE}`]],
    ['leaves a NOTE of vCard 2.1 in Base64 alone', ['NOTE;BASE64:YQ=='], ['NOTE;BASE64:YQ==', `NOTE:${LINE}`]],
    ['goes behind a backslash that escapes nothing', ['NOTE:a\\'], [`NOTE:a\\\\\\n${LINE}`]],
    ['leaves a linked NOTE alone', ['NOTE;VALUE=URI:data:x'], ['NOTE;VALUE=URI:data:x', `NOTE:${LINE}`]],
    ['takes a NOTE that says that it is text', ['NOTE;VALUE=text:a'], [`NOTE;VALUE=text:a\\n${LINE}`]],
  ])('%s', (_, before, after) => {
    expect(edited(before, { addNoteLine: LINE })).toEqual(after);
  });

  it('keeps line ends of LF', () => {
    const text = textOf(editContact(parse(card(['NOTE:a'], { lineEnd: '\n' })), { addNoteLine: 'x'.repeat(100) }));
    expect(text).not.toContain('\r');
    expect(unfolded(text)).toContain(`NOTE:a\\n${'x'.repeat(100)}`);
  });

  it('adds several lines at once', () => {
    expect(edited(['NOTE:a'], { addNoteLine: 'b\r\nc' })).toEqual(['NOTE:a\\nb\\nc']);
  });

  it('escapes what the line holds, and lets no control character in', () => {
    expect(edited([], { addNoteLine: 'a\\b,c;d\u0000e\u0085\ud800f\uffff' })).toEqual(['NOTE:a\\\\b\\,c\\;d e f ']);
  });

  it('keeps bytes of the note that are no UTF-8', () => {
    const latin1 = Buffer.from(card(['NOTE:caf\xe9']), 'latin1').toString('latin1');
    const after = editContact(readCard(latin1), { addNoteLine: LINE });
    expect(after && cardBytes(after).toString('latin1')).toContain(`NOTE:caf\xe9\\n${LINE}`);
  });
});

describe('dropping lines from NOTE', () => {
  it.each<[string, string[], string[]]>([
    ['leaves the others', [`NOTE:a\\n${LINE}\\Nb\\\\n`], ['NOTE:a\\nb\\\\n']],
    ['takes a NOTE out that has nothing else', [`NOTE:${LINE}`, 'FN:a'], ['FN:a']],
    ['looks into every NOTE', [`NOTE:a\\n${LINE}`, `NOTE:${LINE}`], ['NOTE:a']],
    ['drops every line of that text', [`NOTE:${LINE}\\na\\n${LINE}`], ['NOTE:a']],
  ])('%s', (_, before, after) => {
    expect(edited(before, { dropNoteLines: [LINE] })).toEqual(after);
  });

  it('does so while another one is added', () => {
    expect(edited([`NOTE:${LINE}`], { dropNoteLines: [LINE], addNoteLine: 'new' })).toEqual(['NOTE:new']);
  });

  it('changes nothing where no NOTE has the line', () => {
    expect(editContact(parse(card(['NOTE:a', 'NOTE:'])), { dropNoteLines: [LINE] })).toBeUndefined();
  });

  it('gives back what was there before the line was added', () => {
    for (const note of ['NOTE:', 'NOTE:a', 'NOTE:a\\n', 'NOTE:a\\n\\nb\\\\', 'NOTE;X=1: a ']) {
      const before = card(['FN:x', note]);
      const added = textOf(editContact(parse(before), { addNoteLine: LINE }));
      expect(textOf(editContact(parse(added), { dropNoteLines: [LINE] }))).toBe(before);
    }
  });
});

describe('setting FN', () => {
  it.each<[string, string[], ContactEdit, string[]]>([
    [
      'fills an empty one in its place',
      ['item1.FN;X=1:', 'N:;;;;'],
      { formattedName: 'Ann, B' },
      ['item1.FN;X=1:Ann\\, B', 'N:;;;;'],
    ],
    ['adds a missing one', ['N:;;;;'], { formattedName: 'Ann' }, ['N:;;;;', 'FN:Ann']],
    ['changes it beside a new NOTE', ['FN:a'], { formattedName: 'b', addNoteLine: LINE }, ['FN:b', `NOTE:${LINE}`]],
    ['takes it out', ['FN:a', 'N:;;;;'], { formattedName: null }, ['N:;;;;']],
  ])('%s', (_, before, edit, after) => {
    expect(edited(before, edit)).toEqual(after);
  });

  it('changes nothing where it is so already', () => {
    expect(editContact(parse(card(['FN:a\\,b'])), { formattedName: 'a,b' })).toBeUndefined();
    expect(editContact(parse(card(['N:;;;;'])), { formattedName: null })).toBeUndefined();
    expect(editContact(parse(card(['FN:a'])), {})).toBeUndefined();
  });
});

describe('all other lines', () => {
  const LINES = [
    'FN:Zoë\\; x',
    'N:Doe;Zoë;;;',
    'item1.EMAIL;TYPE=INTERNET:zoe@x',
    'item1.X-ABLabel:_$!<Work>!$_',
    'X-P;A="a;b:c,d";B=^n:\\n raw;semi,comma\\q',
    PHOTO,
    'x-lower;p=1:a',
    'TEL;HOME;VOICE:1',
    'ADR;TYPE=home:;;1 Main\r\n  St;Town;;;DE',
    'X-EMOJI:😀😀😀',
    'X-EMPTY:',
    'no colon at all',
    'BEGIN:X-THING\r\nNOTE:inner\r\nFN:inner\r\nEND:X-THING',
    'REV:2020-01-01T00:00:00Z',
    'KIND:individual',
    'NOTE;ENCODING=b:YQ==',
    ' ',
    '',
  ];

  it.each(Array.from({ length: 200 }, (_, seed) => [seed]))('stay byte for byte (seed %d)', (seed) => {
    const random = seeded(seed);
    const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
    const lineEnd = pick(['\r\n', '\n']);
    const others = Array.from({ length: Math.floor(random() * 12) }, () => pick(LINES).replaceAll('\r\n', lineEnd));
    // Before a line that begins with white space there is no place: that would be a fold of the NOTE.
    const places = [...others.keys(), others.length].filter((place) => !/^\s/.test(others[place] ?? ''));
    const place = random() < 0.5 ? pick(places) : undefined;
    const withNote = (value: string) => (place === undefined ? others : others.toSpliced(place, 0, `NOTE:${value}`));
    const before = withNote('mine');
    const after = editContact(parse(card(before, { version: pick(['3.0', '4.0']), lineEnd })), { addNoteLine: LINE });
    const expected = place === undefined ? [...others, `NOTE:${LINE}`] : withNote(`mine\\n${LINE}`);
    const version = textOf(after).split(lineEnd)[1]?.slice('VERSION:'.length) ?? '';
    expect(textOf(after)).toBe(card(expected, { version, lineEnd }));
  });
});
