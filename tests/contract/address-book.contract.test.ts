import type { AddressBook } from '../../src/ports';
import type { Contact, NewContact } from '../../src/triage/contact';
import { type Account, accountAt, type MailServer } from '../support/account';
import { describeOnBothServers } from '../support/both-servers';
import { type CardDriver, linesOf, openCardDriver } from '../support/card-driver';
import { openAccountBook } from '../support/clients';
import { type ReverseProxy, startProxy } from '../support/proxy';
import { cardText, putCard, versionedCard } from '../support/wire';

function newContact(parts: Partial<NewContact> = {}): NewContact {
  return {
    uid: '2f1c0c8e-6f0f-5d0e-9a56-0b1f6c8f4a11',
    email: 'ann@x.example',
    formattedName: 'Ann',
    note: 'Mailroom 2026-01-15: Feed',
    personName: null,
    ...parts,
  };
}

const uidsOf = (contacts: readonly { readonly uid: string }[]): readonly string[] =>
  contacts.map(({ uid }) => uid).sort();

const isPut = ({ kind }: { readonly kind: string }): boolean => kind === 'PUT';

describeOnBothServers('The address book', (server: () => MailServer) => {
  let account: Account;
  let cards: CardDriver;
  let proxy: ReverseProxy;

  beforeAll(async () => {
    proxy = await startProxy(server().origin);
  });
  afterAll(() => proxy.stop());

  beforeEach(async () => {
    proxy.forget();
    account = await server().addUser();
    cards = openCardDriver(account);
  });

  const open = (): Promise<AddressBook> => openAccountBook(accountAt(account, proxy.origin));

  const found = async (...addresses: readonly string[]): Promise<readonly string[]> =>
    uidsOf(await (await open()).findByAddress(addresses));

  /** The one contact that Mailroom finds by this address. */
  const contactOf = async (book: AddressBook, address: string): Promise<Contact> => {
    const [contact, ...others] = await book.findByAddress([address]);
    if (contact === undefined || others.length > 0) throw new Error(`Not exactly one contact has ${address}`);
    return contact;
  };

  describe('opening', () => {
    it('finds the groups of both kinds in five requests, and no contacts among them', async () => {
      await cards.makeGroup({ name: 'Paper Trail', uid: '6f4ad3a2-50a4-4a9d-8d9f-a0f3d4b6c001' });
      await cards.makeGroup({ name: 'Größe, 1;2', uid: 'vips', version: '4.0' });
      await cards.putCard(cardText('a', 'EMAIL:ann@x.example'));
      const book = await open();
      expect(proxy.requests.length).toBeLessThanOrEqual(5);
      expect(book.writable).toBe(true);
      expect(book.groups.map(({ uid, name }) => [uid, name]).sort()).toEqual([
        ['6f4ad3a2-50a4-4a9d-8d9f-a0f3d4b6c001', 'Paper Trail'],
        ['vips', 'Größe, 1;2'],
      ]);
    });

    it('takes the default book of several', async () => {
      const other = await cards.makeBook('Another');
      await openCardDriver({ ...account, bookUrl: other }).makeGroup({ name: 'Elsewhere' });
      await cards.makeGroup({ name: 'Feed' });
      expect((await open()).groups.map(({ name }) => name)).toEqual(['Feed']);
    });

    it('rejects a wrong password, and keeps it out of its message', async () => {
      const opening = openAccountBook({ ...account, password: 'wrong-secret' });
      await expect(opening).rejects.toMatchObject({
        code: 'credentials',
        message: expect.not.stringContaining('wrong-secret'),
      });
    });
  });

  describe('finding contacts', () => {
    it('finds the address whole and without regard to case, and no look-alike', async () => {
      await cards.putCard(cardText('right', 'EMAIL;TYPE=work:Ann@X.example'));
      await cards.putCard(cardText('longer', 'EMAIL:joann@x.example'));
      await cards.putCard(cardText('further', 'EMAIL:ann@x.example.org'));
      await cards.putCard(cardText('plus', 'EMAIL:ann+news@x.example'));
      await cards.putCard(cardText('kelvin', 'EMAIL:mar\u212a@x.example'));
      await cards.putCard(cardText('named', 'NOTE:ann@x.example'));
      expect(await found('ANN@x.EXAMPLE')).toEqual(['right']);
      expect(await found('mark@x.example')).toEqual([]);
    });

    it.each([
      ["o'brien&sons@x.example"],
      ['ann%20b@x.example'],
      ['a<b>@x.example'],
      ['jö@x.example'],
      ['"]]>"@x.example'],
      [`${'long'.repeat(30)}@x.example`],
    ])('finds the odd address %s', async (address) => {
      await cards.putCard(cardText('odd', `EMAIL:${address}`));
      expect(await found(address)).toEqual(['odd']);
    });

    it('finds every form in which a card may hold the address', async () => {
      await cards.putCard(cardText('grouped', 'item1.EMAIL;TYPE=INTERNET:ann@x.example', 'item1.X-ABLabel:Work'));
      await cards.putCard(cardText('second', 'EMAIL:other@x.example', 'EMAIL:ann@x.example'));
      await cards.putCard(versionedCard('4.0', 'four', 'EMAIL;PREF=1:ann@x.example'));
      await cards.putCard(cardText('folded', 'EMAIL:ann@', ' x.example'));
      expect(await found('ann@x.example')).toEqual(['folded', 'four', 'grouped', 'second']);
    });

    it('finds many addresses in few requests', async () => {
      const addresses = Array.from({ length: 120 }, (_, i) => `sender${i}@x.example`);
      await cards.putCards(addresses.map((address, i) => cardText(`contact-${i}`, `EMAIL:${address}`)));
      const book = await open();
      proxy.forget();
      expect(await book.findByAddress([...addresses, 'nobody@x.example'])).toHaveLength(120);
      expect(proxy.requests.length).toBeLessThanOrEqual(8);
    });

    it('finds no group by its address', async () => {
      await cards.makeGroup({ name: 'Team', lines: ['EMAIL:ann@x.example'] });
      expect(await found('ann@x.example')).toEqual([]);
    });

    it('reads name, note and addresses as text', async () => {
      await cards.putCard(
        cardText(
          'a',
          'item1.EMAIL:first@x.example',
          'EMAIL:ann@x.example',
          'NOTE:one\\, two\\;\\nthree \\\\ four',
        ).replace(/FN:.*/, 'FN:Ann\\, the 1st'),
      );
      const [contact] = await (await open()).findByAddress(['ann@x.example']);
      expect(contact).toMatchObject({
        uid: 'a',
        formattedName: 'Ann, the 1st',
        note: 'one, two;\nthree \\ four',
        addresses: ['first@x.example', 'ann@x.example'],
        pristine: false,
      });
    });

    it('tells an empty name', async () => {
      await cards.putCard(cardText('a', 'EMAIL:ann@x.example').replace(/FN:.*/, 'FN:'));
      expect(await (await open()).findByAddress(['ann@x.example'])).toMatchObject([{ formattedName: '' }]);
    });

    it('reads UIDs without their prefix, and UUIDs in lower case', async () => {
      await putCard(account, 'a.vcf', cardText('urn:uuid:6F4AD3A2-50A4-4A9D-8D9F-A0F3D4B6C001', 'EMAIL:ann@x.example'));
      expect(await found('ann@x.example')).toEqual(['6f4ad3a2-50a4-4a9d-8d9f-a0f3d4b6c001']);
    });

    it('finds contacts by their whole name and by a part of their note', async () => {
      await cards.putCard(cardText('a', 'EMAIL:ann@x.example', 'NOTE:met in Rome\\, 2019'));
      await cards.putCard(cardText('b', 'EMAIL:ben@x.example').replace(/FN:.*/, 'FN:Ben Größe'));
      const book = await open();
      expect(uidsOf(await book.findByName(['card A', 'BEN GRÖSSE']))).toEqual(['a']);
      expect(uidsOf(await book.findByName(['Ben Größe']))).toEqual(['b']);
      expect(uidsOf(await book.findByName(['Card']))).toEqual([]);
      expect(uidsOf(await book.findByNote('Rome, 2019'))).toEqual(['a']);
      expect(uidsOf(await book.findByNote('Paris'))).toEqual([]);
    });
  });

  describe('making contacts', () => {
    it('makes a contact once', async () => {
      const book = await open();
      expect(await book.createContact(newContact())).toBe('created');
      expect(await book.createContact(newContact({ formattedName: 'Somebody else' }))).toBe('exists');
      expect(await contactOf(book, 'ann@x.example')).toMatchObject({
        uid: newContact().uid,
        formattedName: 'Ann',
        note: 'Mailroom 2026-01-15: Feed',
        addresses: ['ann@x.example'],
        pristine: true,
      });
    });

    it('makes a contact once although its answer is lost', async () => {
      const book = await open();
      proxy.fault(isPut, { drop: 'after' }, 1);
      await book.createContact(newContact());
      expect(await cards.cards()).toHaveLength(1);
    });

    it('says that a UID is taken', async () => {
      const book = await open();
      const conflict =
        '<D:error xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><C:no-uid-conflict/></D:error>';
      const headers = { 'content-type': 'application/xml' };
      proxy.fault(isPut, { answer: { status: 403, headers, body: conflict } }, 1);
      expect(await book.createContact(newContact())).toBe('exists');
    });

    it('throws what the server says of a card that it refuses', async () => {
      const book = await open();
      proxy.fault(isPut, { answer: { status: 403, body: '<error xmlns="DAV:"><valid-address-data/></error>' } });
      await expect(book.createContact(newContact())).rejects.toMatchObject({ code: 'refused' });
    });

    it.each([
      ['line breaks', 'Ann\r\nEMAIL:evil@x.example\nX-EVIL:1'],
      ['signs with a meaning in vCards', 'Ann;Bob,Eve\\n: \\'],
      ['signs with a meaning in XML', ']]> <b>&amp;'],
      ['bidi marks', '\u202egro.knab\u202c'],
      ['a thousand characters', 'ö'.repeat(1000)],
      ['nothing but space', '   '],
    ])('keeps a display name of %s a name', async (_, formattedName) => {
      const book = await open();
      await book.createContact(newContact({ formattedName }));
      expect(await book.findByAddress(['evil@x.example'])).toEqual([]);
      const [card] = await cards.cards();
      const names = linesOf(card?.text ?? '').map((line) => line.split(/[:;]/, 1)[0]);
      expect(names.filter((name) => name === 'EMAIL')).toHaveLength(1);
      expect(names).not.toContain('X-EVIL');
      expect((await contactOf(book, 'ann@x.example')).addresses).toEqual(['ann@x.example']);
    });
  });

  describe('changing contacts', () => {
    const userCard = [
      'EMAIL;TYPE=work:ann@x.example',
      'item1.TEL:+1 555 0100',
      'item1.X-ABLabel:_$!<Mobile>!$_',
      'X-MINE;X-P="a;b":odd\\, value',
      `PHOTO;ENCODING=b;TYPE=JPEG:${'QUJD'.repeat(60)}`,
      'NOTE:met in Rome',
      'CATEGORIES:friends,Größe',
    ];

    it('adds a line to the note and keeps every other line', async () => {
      const href = await cards.putCard(cardText('a', ...userCard));
      const before = linesOf((await cards.getCard(href)) ?? '');
      const book = await open();
      const { href: contactHref } = await contactOf(book, 'ann@x.example');
      expect(await book.changeContact(contactHref, () => ({ addNoteLine: 'Mailroom: Feed' }))).toBe('changed');
      const after = linesOf((await cards.getCard(href)) ?? '');
      expect(after).toEqual(before.map((line) => (line.startsWith('NOTE') ? `${line}\\nMailroom: Feed` : line)));
    });

    it('changes a 4.0 card in the form in which it is kept', async () => {
      const lines = [
        'EMAIL:ann@x.example',
        `PHOTO:data:image/jpeg;base64,${'QUJD'.repeat(60)}`,
        'KIND:individual',
        'LANG:de',
      ];
      const href = await cards.putCard(versionedCard('4.0', 'a', ...lines));
      const book = await open();
      await book.changeContact((await contactOf(book, 'ann@x.example')).href, () => ({
        addNoteLine: 'Mailroom: Feed',
      }));
      const after = linesOf((await cards.getCard(href, '4.0')) ?? '');
      expect(after).toEqual(expect.arrayContaining(['VERSION:4.0', ...lines, 'NOTE:Mailroom: Feed']));
    });

    it('fills in an empty name', async () => {
      await cards.putCard(cardText('a', 'EMAIL:ann@x.example').replace(/FN:.*/, 'FN:'));
      const book = await open();
      const { href } = await contactOf(book, 'ann@x.example');
      await book.changeContact(href, () => ({ formattedName: 'Ann, "A"' }));
      expect(await contactOf(book, 'ann@x.example')).toMatchObject({ formattedName: 'Ann, "A"' });
    });

    it('writes nothing where there is nothing to change', async () => {
      await cards.putCard(cardText('a', ...userCard));
      const before = await cards.cardState();
      const book = await open();
      const { href } = await contactOf(book, 'ann@x.example');
      expect(await book.changeContact(href, () => undefined)).toBe('unchanged');
      expect(await cards.cardState()).toBe(before);
    });

    it('changes the card anew when the user has changed it meanwhile', async () => {
      const href = await cards.putCard(cardText('a', ...userCard));
      const book = await open();
      const { href: contactHref } = await contactOf(book, 'ann@x.example');
      const edit = (): Promise<unknown> => cards.putCard(cardText('a', ...userCard, 'X-MEANWHILE:1'));
      proxy.fault(isPut, { hold: edit }, 1);
      expect(await book.changeContact(contactHref, () => ({ addNoteLine: 'Mailroom: Feed' }))).toBe('changed');
      const after = (await cards.getCard(href)) ?? '';
      expect(after).toContain('X-MEANWHILE:1');
      expect(after).toContain('NOTE:met in Rome\\nMailroom: Feed');
    });

    it('adds a line once although the answer is lost', async () => {
      const href = await cards.putCard(cardText('a', ...userCard));
      const book = await open();
      const { href: contactHref } = await contactOf(book, 'ann@x.example');
      proxy.fault(isPut, { drop: 'after' }, 1);
      await book.changeContact(contactHref, ({ note }) =>
        note.includes('Mailroom: Feed') ? undefined : { addNoteLine: 'Mailroom: Feed' },
      );
      expect((await cards.getCard(href))?.split('Mailroom: Feed')).toHaveLength(2);
    });

    it('says that a contact is gone', async () => {
      const href = await cards.putCard(cardText('a', ...userCard));
      const book = await open();
      const { href: contactHref } = await contactOf(book, 'ann@x.example');
      await cards.deleteCard(href);
      expect(await book.changeContact(contactHref, () => ({ addNoteLine: 'Mailroom: Feed' }))).toBe('gone');
      expect(await book.deleteContact(contactHref, () => false)).toBe('gone');
      expect(await cards.cards()).toEqual([]);
    });

    it('deletes a contact unless something speaks against it', async () => {
      await cards.putCard(cardText('a', ...userCard));
      const book = await open();
      const { href } = await contactOf(book, 'ann@x.example');
      expect(await book.deleteContact(href, ({ note }) => note === 'met in Rome')).toBe('kept');
      expect(await cards.cards()).toHaveLength(1);
      expect(await book.deleteContact(href, () => false)).toBe('deleted');
      expect(await cards.cards()).toEqual([]);
    });

    it('asks again before it deletes a contact that was changed meanwhile', async () => {
      await cards.putCard(cardText('a', ...userCard));
      const book = await open();
      const { href } = await contactOf(book, 'ann@x.example');
      const edit = (): Promise<unknown> => cards.putCard(cardText('a', ...userCard).replace('Rome', 'Paris'));
      proxy.fault(({ kind }) => kind === 'DELETE', { hold: edit }, 1);
      expect(await book.deleteContact(href, ({ note }) => note === 'met in Paris')).toBe('kept');
      expect(await cards.cards()).toHaveLength(1);
    });
  });

  describe.each(['3.0', '4.0'] as const)('groups of vCard %s', (version) => {
    const uuid = (i: number): string => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;
    const others = Array.from({ length: 300 }, (_, i) => uuid(i));

    it('joins and leaves in one write, and keeps 300 other members and all other lines', async () => {
      const lines = ['X-MINE:kept', 'NOTE:our friends'];
      const href = await cards.makeGroup({
        name: 'Feed',
        uid: 'feed',
        members: [...others, uuid(901)],
        version,
        lines,
      });
      const book = await open();
      const [group] = book.groups;
      proxy.forget();
      expect(await book.changeGroup(group?.href ?? '', { join: [uuid(902), uuid(903)], leave: [uuid(901)] })).toBe(
        'changed',
      );
      expect(proxy.counts().PUT).toBe(1);
      expect((await cards.groups()).Feed).toEqual([...others, uuid(902), uuid(903)]);
      expect(linesOf((await cards.getCard(href, version)) ?? '')).toEqual(
        expect.arrayContaining([`VERSION:${version}`, ...lines]),
      );
    });

    it('reads groups in the order asked for, and leaves out what is gone', async () => {
      await cards.makeGroup({ name: 'Feed', members: others, version });
      const gone = await cards.makeGroup({ name: 'Jail', version });
      await cards.makeGroup({ name: 'Imbox', members: ['vip', uuid(1)], version });
      const book = await open();
      await cards.deleteCard(gone);
      const hrefs = ['Imbox', 'Jail', 'Feed'].map(
        (name) => book.groups.find((group) => group.name === name)?.href ?? '',
      );
      const groups = await book.readGroups(hrefs);
      expect(groups.map(({ name, members }) => [name, members])).toEqual([
        ['Imbox', ['vip', uuid(1)]],
        ['Feed', others],
      ]);
    });

    it('writes nothing where the members are right already', async () => {
      await cards.makeGroup({ name: 'Feed', members: others, version });
      const before = await cards.cardState();
      const book = await open();
      const change = { join: [uuid(7)], leave: [uuid(999)] };
      expect(await book.changeGroup(book.groups[0]?.href ?? '', change)).toBe('unchanged');
      expect(await cards.cardState()).toBe(before);
    });

    it('makes the change anew when somebody else has changed the group meanwhile', async () => {
      await cards.makeGroup({ name: 'Feed', uid: 'feed', members: [uuid(1), uuid(2)], version });
      const book = await open();
      const edit = (): Promise<unknown> =>
        cards.makeGroup({ name: 'Feed', uid: 'feed', members: [uuid(2), uuid(3)], version });
      proxy.fault(isPut, { hold: edit }, 1);
      await book.changeGroup(book.groups[0]?.href ?? '', { join: [uuid(4)], leave: [uuid(2)] });
      expect((await cards.groups()).Feed).toEqual([uuid(3), uuid(4)]);
    });
  });

  it('throws missing for a group that is gone', async () => {
    const href = await cards.makeGroup({ name: 'Feed' });
    const book = await open();
    await cards.deleteCard(href);
    const changing = book.changeGroup(book.groups[0]?.href ?? '', { join: ['a'], leave: [] });
    await expect(changing).rejects.toMatchObject({ code: 'missing', message: expect.stringContaining('Feed') });
  });

  it('makes an empty group', async () => {
    await (await open()).createGroup('Paper Trail, 2nd; "odd"');
    const { groups } = await open();
    expect(groups.map(({ name }) => name)).toEqual(['Paper Trail, 2nd; "odd"']);
  });

  it.each([
    ['lost before the server gets it', { drop: 'before' }],
    ['cut off in the middle of its answer', { drop: 'mid-body' }],
    ['answered with 503', { answer: { status: 503 } }],
  ] as const)('repeats a search that is %s', async (_, fault) => {
    await cards.putCard(cardText('a', 'EMAIL:ann@x.example'));
    const book = await open();
    proxy.fault(({ kind }) => kind === 'REPORT addressbook-query', fault, 1);
    expect(uidsOf(await book.findByAddress(['ann@x.example']))).toEqual(['a']);
  });

  it.each([
    ['a login page', { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>Welcome</p>' }, 'protocol'],
    [
      'half an answer',
      { status: 207, headers: { 'content-type': 'application/xml' }, body: '<d:multistatus xmlns:d="DAV:"><d:resp' },
      'protocol',
    ],
    ['a lasting server error', { status: 500 }, 'transient'],
  ] as const)('throws when a search gets %s, and does not take it for no contact', async (_, answer, code) => {
    const book = await open();
    proxy.fault(({ kind }) => kind === 'REPORT addressbook-query', { answer });
    await expect(book.findByAddress(['ann@x.example'])).rejects.toMatchObject({ name: 'MailroomError', code });
  });
});
