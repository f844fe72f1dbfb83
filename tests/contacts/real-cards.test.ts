import type { AddressBook } from '../../src/ports';
import type { Account, MailServer } from '../support/account';
import { type CardDriver, linesOf, openCardDriver } from '../support/card-driver';
import { openAccountBook } from '../support/clients';
import { describeOnMailServers } from '../support/on-servers';
import { card } from './cards';

const NOTE_LINE = 'Mailroom 2026-03-04: Feed';
const UUID = '0a1b2c3d-1111-5222-8333-444455556666';
const NEW = { uid: UUID, email: 'ann@x.example', formattedName: 'Ann', note: NOTE_LINE, personName: null };

/** Lines as servers send them back: Cyrus escapes and orders values in its own way when it first stores them. */
const LINES = [
  'FN:Zoë\\; Doe\\, x',
  'N:Doe;Zoë;;;',
  'item1.EMAIL;TYPE=INTERNET:zoe@x.example',
  'item1.X-ABLabel:_$!<Work>!$_',
  'X-FOO;X-P="a;b:c,d":some\\nthing \\\\ else',
  'PHOTO;ENCODING=b;TYPE=JPEG:QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJD',
  'ADR;TYPE=home:;;1 Main St;Town;;;DE',
  `X-EMOJI:${'😀'.repeat(40)}`,
  'NOTE:mine\\; x',
  'REV:2020-01-01T00:00:00Z',
];

/** Names of the cards that the server keeps as vCard 4.0: a GET does not tell, as it converts. */
async function keptInVersion4({ bookUrl, username, password }: Account): Promise<readonly string[]> {
  const filter = '<C:prop-filter name="VERSION"><C:text-match match-type="equals">4.0</C:text-match></C:prop-filter>';
  const response = await fetch(bookUrl, {
    method: 'REPORT',
    headers: {
      authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
      'content-type': 'application/xml',
      depth: '1',
    },
    body: `<C:addressbook-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><D:prop><D:getetag/></D:prop><C:filter>${filter}</C:filter></C:addressbook-query>`,
  });
  return [...(await response.text()).matchAll(/([^/<>]+\.vcf)</g)].map(([, name = '']) => name);
}

describeOnMailServers('Cards on a server', (server: () => MailServer) => {
  let cards: CardDriver;
  let book: AddressBook;
  let account: Account;
  let open: () => Promise<AddressBook>;

  beforeEach(async () => {
    account = await server().addUser();
    cards = openCardDriver(account);
    open = () => openAccountBook(account);
    book = await open();
  });

  const linesAt = async (href: string, version: '3.0' | '4.0' = '3.0') =>
    linesOf((await cards.getCard(new URL(href).pathname, version)) ?? '');

  it.each([
    "o'brien&sons@x.example",
    '"a,b"@x.example',
    '"a;b\\\\c"@x.example',
    '"a&amp;]]>b"@x.example',
    'a%20b@x.example',
    'Zoë@exämple.example',
    `${'x'.repeat(990)}@x.example`,
  ])('holds and finds the address %s, at once and in any case', async (email) => {
    await expect(book.createContact({ ...NEW, email })).resolves.toBe('created');
    for (const asked of [email, email.toLowerCase(), email.toUpperCase()]) {
      await expect(book.findByAddress([asked])).resolves.toMatchObject([
        { uid: UUID, addresses: [email], pristine: true },
      ]);
    }
    await expect(book.findByAddress([`x${email}`])).resolves.toEqual([]);
  });

  it.each([
    'a;b,c:d\\n\\;"',
    ' Ann  Doe ',
    'Ann\r\nEMAIL:evil@x.example\r\nEND:VCARD',
    '\u202eAnn\u2066 <b>&amp;]]>',
    'a\u0000\u0007\ud800\uffffb',
    'ü😀'.repeat(500),
  ])('holds the name %j as data, and knows the contact again as its own', async (formattedName) => {
    await book.createContact({ ...NEW, formattedName, personName: { family: formattedName, given: formattedName } });
    const [found, ...others] = await book.findByAddress([NEW.email]);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ uid: UUID, addresses: [NEW.email], note: NOTE_LINE, pristine: true });
    await expect(book.deleteContact(found?.href ?? '', ({ pristine }) => !pristine)).resolves.toBe('deleted');
    await expect(book.findByAddress([NEW.email])).resolves.toEqual([]);
  });

  it('makes a contact once', async () => {
    await expect(Promise.all([book.createContact(NEW), (await open()).createContact(NEW)])).resolves.toEqual(
      expect.arrayContaining(['created', 'exists']),
    );
    await expect(book.createContact(NEW)).resolves.toBe('exists');
  });

  it('sees what the user did to its own contact', async () => {
    await book.createContact(NEW);
    const [found] = await book.findByAddress([NEW.email]);
    const href = found?.href ?? '';
    const text = (await cards.getCard(new URL(href).pathname)) ?? '';
    await cards.putCard(text.replace('END:VCARD', 'TEL:1\r\nEND:VCARD'), `${UUID}.vcf`);
    await expect(book.deleteContact(href, ({ pristine }) => !pristine)).resolves.toBe('kept');
  });

  it.each(['3.0', '4.0'] as const)(
    'finds a vCard %s by an address under a group, and keeps every other line',
    async (version) => {
      const lines =
        version === '3.0' ? LINES : [...LINES.filter((line) => !line.startsWith('PHOTO')), 'KIND:individual'];
      await cards.putCard(card(['UID:urn:uuid:user-1', ...lines], { version }), 'Zoë & co.vcf');
      const [found] = await book.findByAddress(['ZOE@x.example']);
      expect(found).toMatchObject({ uid: 'user-1', formattedName: 'Zoë; Doe, x', note: 'mine; x', pristine: false });
      const href = found?.href ?? '';
      const before = await linesAt(href, version);
      await expect(book.changeContact(href, () => ({ addNoteLine: NOTE_LINE }))).resolves.toBe('changed');
      const added = before.map((line) => (line.startsWith('NOTE') ? `${line}\\n${NOTE_LINE}` : line));
      await expect(linesAt(href, version)).resolves.toEqual(added);
      await expect(book.changeContact(href, () => ({ dropNoteLines: [NOTE_LINE] }))).resolves.toBe('changed');
      await expect(linesAt(href, version)).resolves.toEqual(before);
      await expect(keptInVersion4(account)).resolves.toHaveLength(version === '4.0' ? 1 : 0);
    },
  );

  it('keeps a card in the version that somebody else has just given it', async () => {
    const text = (version: string) => card(['UID:1', 'FN:x', 'N:;;;;', 'EMAIL:a@x.example'], { version });
    await cards.putCard(text('3.0'));
    const [found] = await book.findByAddress(['a@x.example']);
    await cards.putCard(text('4.0'));
    await book.changeContact(found?.href ?? '', () => ({ addNoteLine: NOTE_LINE }));
    await expect(keptInVersion4(account)).resolves.toEqual(['1.vcf']);
  });

  it('finds by name and by note', async () => {
    await book.createContact({ ...NEW, formattedName: 'Zoë, Dr; Doe' });
    await expect(book.findSimilar({ names: ['ZOË, dr; doe', 'x'], inAddresses: [] })).resolves.toMatchObject([
      { uid: UUID },
    ]);
    await expect(book.findSimilar({ names: ['Zoë'], inAddresses: [] })).resolves.toEqual([]);
    await expect(book.findByNote('Mailroom ')).resolves.toMatchObject([{ uid: UUID }]);
    await expect(book.findByNote('mailroom ')).resolves.toEqual([]);
  });

  it.each(['3.0', '4.0'] as const)('changes a group of vCard %s beside others who do', async (version) => {
    const members = Array.from({ length: 300 }, (_, i) => `member-${i}`);
    const line = 'X-COLOUR;X-P="a:b":#00ff00';
    await cards.makeGroup({ name: 'Feed', uid: 'feed', members, version, lines: [line] });
    const books = await Promise.all([open(), open()]);
    const href = books[0]?.groups[0]?.href ?? '';
    const results = await Promise.all(
      books.map((each, i) => each.changeGroup(href, { join: [`new-${i}`, UUID], leave: [`member-${i}`] })),
    );
    expect(results).toEqual(['changed', 'changed']);
    const [group] = await book.readGroups([href]);
    expect([...(group?.members ?? [])].sort()).toEqual([...members.slice(2), 'new-0', 'new-1', UUID].sort());
    await expect(linesAt(href, version)).resolves.toContain(line);
    await expect(keptInVersion4(account)).resolves.toHaveLength(version === '4.0' ? 1 : 0);
    const change = { join: ['new-0', UUID.toUpperCase()], leave: ['member-0'] };
    await expect(book.changeGroup(href, change)).resolves.toBe('changed');
    await expect(book.changeGroup(href, change)).resolves.toBe('unchanged');
    const [respelled] = await book.readGroups([href]);
    expect(respelled?.members).toHaveLength(301);
    expect(respelled?.writtenMembers).toContain(UUID.toUpperCase());
  });

  it('makes a group that it finds at the next start', async () => {
    await book.createGroup('Päper; Trail, x');
    const { groups } = await open();
    expect(groups).toMatchObject([{ name: 'Päper; Trail, x' }]);
    await expect(book.readGroups(groups.map(({ href }) => href))).resolves.toMatchObject([{ members: [] }]);
  });

  it('finds 500 addresses among 600 contacts', async () => {
    await cards.addCards(
      Array.from({ length: 600 }, (_, i) => card([`UID:u${i}`, 'FN:x', 'N:;;;;', `EMAIL:A${i}@x.example`])),
    );
    const found = await book.findByAddress(Array.from({ length: 500 }, (_, i) => `a${i}@X.example`));
    expect(new Set(found.map(({ uid }) => uid)).size).toBe(500);
    expect(found).toHaveLength(500);
  });
});
