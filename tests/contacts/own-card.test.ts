import { fromBytes } from '../../src/contacts/bytes';
import { readCard } from '../../src/contacts/card';
import { editContact, toContact } from '../../src/contacts/contact-card';
import { newContactCard } from '../../src/contacts/own-card';
import type { NewContact } from '../../src/triage/contact';
import { parse, textOf, unfolded } from './cards';

const HREF = 'https://dav.example/book/1.vcf';
const UID = '0a1b2c3d-1111-5222-8333-444455556666';
const COMPANY: NewContact = {
  uid: UID,
  email: 'news@shop.example',
  formattedName: 'The Shop',
  note: 'Mailroom 2026-03-04: Feed',
  personName: null,
};
const PERSON: NewContact = { ...COMPANY, formattedName: 'Ann Doe', personName: { family: 'Doe', given: 'Ann' } };

function written(contact: NewContact): string {
  return fromBytes(newContactCard(contact));
}

describe('a new contact', () => {
  it('has ORG and an empty N as a company', () => {
    expect(unfolded(written(COMPANY))).toEqual([
      'BEGIN:VCARD',
      'VERSION:3.0',
      'PRODID:-//Mailroom//Mailroom//EN',
      `UID:${UID}`,
      'FN:The Shop',
      'N:;;;;',
      'ORG:The Shop',
      'EMAIL;TYPE=INTERNET:news@shop.example',
      'NOTE:Mailroom 2026-03-04: Feed',
      expect.stringMatching(/^X-MAILROOM-DIGEST:[0-9a-f]{32}$/),
      'END:VCARD',
      '',
    ]);
    expect(written(COMPANY)).toMatch(/^BEGIN:VCARD\r\nVERSION:3\.0\r\n/);
  });

  it('has a name in parts and no ORG as a person', () => {
    expect(unfolded(written(PERSON))).toContain('N:Doe;Ann;;;');
    expect(written(PERSON)).not.toContain('ORG');
    expect(unfolded(written({ ...PERSON, personName: { family: '', given: 'Cher' } }))).toContain('N:;Cher;;;');
  });

  it.each([
    ['a line break with a property behind it', 'Ann\r\nEMAIL:evil@x', 'Ann EMAIL:evil@x'],
    ['a bare CR', 'Ann\rEND:VCARD', 'Ann END:VCARD'],
    ['separators and escapes', 'a;b,c:d\\n\\;"', 'a;b,c:d\\n\\;"'],
    ['marks of direction', '\u202eann\u2066', '\u202eann\u2066'],
    ['what XML cannot hold', 'a\u0000\u001f\u007f\u0085b\ufffe\uffff\ud800c', 'a b c'],
    ['1,000 characters', 'ü😀'.repeat(500), 'ü😀'.repeat(500)],
  ])('holds %s as data', (_, hostile, name) => {
    const contact = { ...PERSON, formattedName: hostile, personName: { family: hostile, given: hostile } };
    const text = written(contact);
    expect(toContact(parse(text), HREF)).toEqual({
      href: HREF,
      uid: UID,
      writtenUid: UID,
      formattedName: name,
      note: PERSON.note,
      addresses: [PERSON.email],
      pristine: true,
    });
    expect(
      text
        .split('\r\n')
        .map((line) => /^[A-Z-]+(?=[:;])/.exec(line)?.[0])
        .filter(Boolean),
    ).toEqual(['BEGIN', 'VERSION', 'PRODID', 'UID', 'FN', 'N', 'EMAIL', 'NOTE', 'X-MAILROOM-DIGEST', 'END']);
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  });

  it.each(["o'brien&sons@x", '"a,b;c\\\\d"@x', 'a%20b@x', 'zoë@exämple', `${'x'.repeat(990)}@x`, '"]]>:"@x'])(
    'holds the address %s',
    (email) => {
      expect(toContact(readCard(newContactCard({ ...COMPANY, email })), HREF)).toMatchObject({
        addresses: [email],
        pristine: true,
      });
    },
  );

  it('keeps the lines of its note apart', () => {
    const note = 'Mailroom 2026-03-04: Feed\nMailroom 2026-03-05: Feed → Jail';
    expect(toContact(readCard(newContactCard({ ...COMPANY, note })), HREF)).toMatchObject({ note });
  });
});

describe('a contact that Mailroom made', () => {
  const isPristine = (text: string) => toContact(parse(text), HREF)?.pristine;

  it.each<[string, (text: string) => string]>([
    ['as it was made', (text) => text],
    ['with REV', (text) => text.replace('END:', 'REV:2026-01-01T00:00:00Z\r\nEND:')],
    ['with another PRODID', (text) => text.replace(/PRODID:.*/, 'PRODID:-//CyrusIMAP.org//Cyrus//EN')],
    ['as vCard 4.0', (text) => text.replace('VERSION:3.0', 'VERSION:4.0')],
    [
      'with names in small letters',
      (text) => text.replace('FN:', 'fn:').replace('EMAIL;TYPE=INTERNET', 'email;type=internet'),
    ],
    ['with space before its digest', (text) => text.replace('DIGEST:', 'DIGEST: ')],
    ['with an empty line', (text) => text.replace('END:', '\r\nEND:')],
    ['with LF', (text) => text.replaceAll('\r\n', '\n')],
    ['without TYPE', (text) => text.replace(';TYPE=INTERNET', '')],
    ['with more history', (text) => textOf(editContact(parse(text), { addNoteLine: 'Mailroom 2026-04-01: Jail' }))],
  ])('is pristine %s', (_, change) => {
    expect(isPristine(change(written(COMPANY)))).toBe(true);
    expect(isPristine(change(written(PERSON)))).toBe(true);
  });

  it.each<[string, (text: string) => string]>([
    ['another name', (text) => text.replace('FN:Ann', 'FN:Anna')],
    ['another part of the name', (text) => text.replace('N:Doe;Ann', 'N:Doe;Anna')],
    ['a middle name', (text) => text.replace('N:Doe;Ann;', 'N:Doe;Ann;B')],
    ['another address', (text) => text.replace('news@', 'info@')],
    ['one address more', (text) => text.replace('END:', 'EMAIL:b@x\r\nEND:')],
    ['no address', (text) => text.replace(/EMAIL.*\r\n/, '')],
    ['no name', (text) => text.replace(/\r\nFN:.*/, '')],
    ['no parts of a name', (text) => text.replace(/\r\nN:.*/, '')],
    ['a parameter of the name', (text) => text.replace('FN:', 'FN;TYPE=INTERNET:')],
    ['another parameter of the address', (text) => text.replace('TYPE=INTERNET', 'X-TYPE=INTERNET')],
    ['one kind of address more', (text) => text.replace('TYPE=INTERNET', 'TYPE=INTERNET,work')],
    ['one kind of address before', (text) => text.replace('TYPE=INTERNET', 'TYPE=work,INTERNET')],
    ['another kind of address', (text) => text.replace('TYPE=INTERNET', 'TYPE=work')],
    ['an organisation', (text) => text.replace('END:', 'ORG:X\r\nEND:')],
    ['a telephone number', (text) => text.replace('END:', 'TEL:1\r\nEND:')],
    ['a label', (text) => text.replace('EMAIL;', 'item1.EMAIL;').replace('END:', 'item1.X-ABLabel:x\r\nEND:')],
    ['another digest', (text) => text.replace('DIGEST:', 'DIGEST:0')],
    ['no digest', (text) => text.replace(/X-MAILROOM-DIGEST.*\r\n/, '')],
  ])('is not pristine with %s', (_, change) => {
    expect(isPristine(written(PERSON))).toBe(true);
    expect(isPristine(change(written(PERSON)))).toBe(false);
  });

  it('is not pristine with another UID', () => {
    expect(isPristine(written(COMPANY).replace(UID, 'other'))).toBe(false);
  });
});
