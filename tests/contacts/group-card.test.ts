import { readCard } from '../../src/contacts/card';
import { changeMembers, toGroup, toGroupSummary } from '../../src/contacts/group-card';
import { newGroupCard } from '../../src/contacts/own-card';
import { card, parse, textOf, unfolded } from './cards';

const HREF = 'https://dav.example/book/g.vcf';
const UUID = '0a1b2c3d-1111-4222-8333-444455556666';
const APPLE = ['UID:g', 'FN:Feed', 'N:Feed;;;;', 'X-ADDRESSBOOKSERVER-KIND:group'];
const RFC_6350 = ['UID:urn:uuid:g', 'FN:Feed', 'KIND:group'];

function changed(lines: readonly string[], join: readonly string[], leave: readonly string[], options = {}) {
  const after = changeMembers(parse(card(lines, options)), { join, leave });
  return after === undefined ? undefined : unfolded(textOf(after)).slice(2, -2);
}

describe('reading a group', () => {
  it.each([
    ['of the Apple style', [...APPLE, `X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:${UUID.toUpperCase()}`]],
    ['with space around its kind', ['UID:g', 'FN:Feed', 'KIND: Group ', `MEMBER:urn:uuid:${UUID}`]],
    ['of vCard 4.0', [...RFC_6350, `MEMBER:urn:uuid:${UUID}`]],
    [
      'of vCard 4.0, as Cyrus shows it as 3.0',
      ['UID:g', 'FN:Feed', 'x-addressbookserver-kind:group', `x-addressbookserver-member;PREF=1:urn:uuid:${UUID}`],
    ],
    ['with groups before its names', ['UID:g', 'item1.FN:Feed', 'item1.KIND:Group', `item1.MEMBER:URN:UUID:${UUID}`]],
  ])('%s', (_, lines) => {
    expect(toGroup(parse(card(lines)), HREF)).toMatchObject({ href: HREF, name: 'Feed', members: [UUID] });
  });

  it('has its own UID as the card has it, since rules name it so', () => {
    expect(toGroupSummary(parse(card(['UID:urn:uuid:0A', 'FN:x', 'KIND:group'])), HREF)?.uid).toBe('urn:uuid:0A');
  });

  it('knows members in any spelling, and those that are spelled as the rules of the server want', () => {
    const upper = UUID.toUpperCase();
    const values = [` urn:uuid:${upper} `, `URN:UUID:${UUID}`, 'b', 'urn:uuid:urn:uuid:c', 'urn:uuid:d'];
    const group = toGroup(
      parse(card([...APPLE, ...values.map((value) => `X-ADDRESSBOOKSERVER-MEMBER:${value}`)])),
      HREF,
    );
    expect(group?.members).toEqual([UUID, UUID, 'b', 'c', 'd']);
    expect(group?.writtenMembers).toEqual([upper, 'urn:uuid:c', 'd']);
  });

  it('has its name in one Unicode form', () => {
    const summary = toGroupSummary(parse(card(['UID:g', 'FN:Bu\u0308ro', 'KIND:group'])), HREF);
    expect(summary?.name).toBe('B\u00fcro');
  });

  it('keeps the case of UIDs that are no UUIDs, and undoes escapes', () => {
    const lines = [...APPLE, 'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:Vips', 'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:a\\, b'];
    expect(toGroup(parse(card(lines)), HREF)?.members).toEqual(['Vips', 'a, b']);
  });

  it('has an empty name where its card has none', () => {
    expect(toGroupSummary(parse(card(['UID:g', 'KIND:group'])), HREF)?.name).toBe('');
  });

  it.each([
    ['a contact', ['UID:g', 'FN:Feed', 'KIND:individual']],
    ['a group without UID', ['FN:Feed', 'KIND:group']],
  ])('is null for %s', (_, lines) => {
    expect(toGroupSummary(parse(card(lines)), HREF)).toBeNull();
    expect(toGroup(parse(card(lines)), HREF)).toBeNull();
  });
});

describe('changing members', () => {
  it.each<[string, string[], string[], string[], string[]]>([
    ['adds to an empty group', APPLE, ['b'], [], [...APPLE, 'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:b']],
    [
      'adds behind the other members',
      ['X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:a', ...APPLE],
      ['b', 'c'],
      [],
      [
        'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:a',
        'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:b',
        'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:c',
        ...APPLE,
      ],
    ],
    ['adds in the form of vCard 4.0', RFC_6350, ['b,c'], [], [...RFC_6350, 'MEMBER:urn:uuid:b,c']],
    ['escapes in the form of vCard 3.0', APPLE, ['b,c'], [], [...APPLE, 'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:b\\,c']],
    [
      'takes every line of a member out, however it is written',
      [
        ...RFC_6350,
        `MEMBER:urn:uuid:${UUID}`,
        'MEMBER:mailto:a@x',
        `item1.MEMBER;PREF=1:URN:UUID:${UUID.toUpperCase()}`,
      ],
      [],
      [UUID],
      [...RFC_6350, 'MEMBER:mailto:a@x'],
    ],
    [
      'replaces the last member',
      [...APPLE, 'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:a', 'NOTE:x'],
      ['b'],
      ['a'],
      [...APPLE, 'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:b', 'NOTE:x'],
    ],
    [
      'adds one that is named twice once',
      APPLE,
      [UUID, UUID],
      [],
      [...APPLE, `X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:${UUID}`],
    ],
    [
      'writes a UID as the card has it',
      APPLE,
      [UUID.toUpperCase(), `urn:uuid:${UUID}`.replace('0a', '0b')],
      [],
      [
        ...APPLE,
        `X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:${UUID.toUpperCase()}`,
        `X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:urn:uuid:${UUID.replace('0a', '0b')}`,
      ],
    ],
    ...[`urn:uuid:${UUID}`, UUID.toUpperCase(), `URN:UUID:${UUID}`].map(
      (other): [string, string[], string[], string[], string[]] => [
        `puts the right spelling in the place of ${other}`,
        [...APPLE, `X-ADDRESSBOOKSERVER-MEMBER;X-P=1:${other}`, 'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:a'],
        [UUID.toUpperCase()],
        [],
        [
          ...APPLE,
          `X-ADDRESSBOOKSERVER-MEMBER;X-P=1:urn:uuid:${UUID.toUpperCase()}`,
          'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:a',
        ],
      ],
    ),
    [
      'puts the right spelling in the place of that member alone, and once',
      [...APPLE, `X-ADDRESSBOOKSERVER-MEMBER:${UUID}`, `X-ADDRESSBOOKSERVER-MEMBER:URN:UUID:${UUID}`],
      ['b', UUID],
      [],
      [
        ...APPLE,
        `X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:${UUID}`,
        `X-ADDRESSBOOKSERVER-MEMBER:URN:UUID:${UUID}`,
        'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:b',
      ],
    ],
    [
      'keeps a right spelling beside another right one',
      [...RFC_6350, `MEMBER:urn:uuid:${UUID}`],
      [UUID.toUpperCase(), UUID],
      [],
      [...RFC_6350, `MEMBER:urn:uuid:${UUID}`, `MEMBER:urn:uuid:${UUID.toUpperCase()}`],
    ],
    [
      'puts the right spelling in the place of another one in the form of vCard 4.0',
      [...RFC_6350, 'MEMBER:urn:uuid:h'],
      ['urn:uuid:h'],
      [],
      [...RFC_6350, 'MEMBER:urn:uuid:urn:uuid:h'],
    ],
  ])('%s', (_, before, join, leave, after) => {
    expect(changed(before, join, leave)).toEqual(after);
  });

  it.each(['urn:uuid: b', 'urn:uuid:', 'b\\n', 'urn:uuid:urn:uuid: URN:UUID:b'])(
    'lets go of the member %j by the name that reading it gives',
    (member) => {
      const lines = [...APPLE, `X-ADDRESSBOOKSERVER-MEMBER:${member}`];
      const [name = 'none'] = toGroup(parse(card(lines)), HREF)?.members ?? [];
      expect(changed(lines, [], [name])).toEqual(APPLE);
    },
  );

  it('is nothing where all who join are in and all who leave are out', () => {
    expect(changed([...APPLE, `X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:${UUID}`], [UUID], ['b'])).toBeUndefined();
    expect(changed(APPLE, [], [])).toBeUndefined();
    expect(changed([...APPLE, 'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:b'], ['b'], ['b'])).toBeUndefined();
  });

  it('keeps 10,000 other members and all other lines byte for byte', () => {
    const members = Array.from({ length: 10_000 }, (_, i) => `X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:member-${i}`);
    const lines = [...APPLE, ...members.slice(0, 5_000), 'item1.X-A;P="a:b":c\r\n d', ...members.slice(5_000)];
    const after = textOf(changeMembers(parse(card(lines)), { join: ['new'], leave: ['member-7'] }));
    const expected = [...lines, 'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:new'].filter((line) => !line.endsWith('member-7'));
    expect(after).toBe(card(expected));
  });

  it('keeps line ends of LF', () => {
    const after = changeMembers(parse(card(APPLE, { lineEnd: '\n' })), { join: ['b'], leave: [] });
    expect(textOf(after)).toBe(card([...APPLE, 'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:b'], { lineEnd: '\n' }));
  });
});

describe('a new group', () => {
  it('is empty, of the Apple style, and has its name whatever is in it', () => {
    expect(unfolded(newGroupCard('g', 'Feed'))).toEqual([
      'BEGIN:VCARD',
      'VERSION:3.0',
      'PRODID:-//Mailroom//Mailroom//EN',
      'UID:g',
      'FN:Feed',
      'N:Feed;;;;',
      'X-ADDRESSBOOKSERVER-KIND:group',
      'END:VCARD',
      '',
    ]);
    const text = newGroupCard('g', 'Päper; Trail, x: "y"\n');
    expect(toGroup(readCard(text), HREF)).toMatchObject({ uid: 'g', name: 'Päper; Trail, x: "y" ', members: [] });
    expect(text).toContain('\r\nX-ADDRESSBOOKSERVER-KIND:group\r\n');
  });
});
