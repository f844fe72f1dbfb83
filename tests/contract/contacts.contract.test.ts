import type { NewContact } from '../../src/triage/contact';
import { linesOf } from '../support/card-driver';
import { cardText, versionedCard } from '../support/wire';
import { contactOf, describeBook, isPut } from './book-at-hand';

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

describeBook('Contacts in the address book', (at) => {
  it('makes a contact once', async () => {
    const book = await at.open();
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
    const book = await at.open();
    at.proxy.fault(isPut, { drop: 'after' }, 1);
    await book.createContact(newContact());
    expect(await at.cards.cards()).toHaveLength(1);
  });

  it('says that a UID is taken', async () => {
    const book = await at.open();
    const conflict = '<D:error xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><C:no-uid-conflict/></D:error>';
    const headers = { 'content-type': 'application/xml' };
    at.proxy.fault(isPut, { answer: { status: 403, headers, body: conflict } }, 1);
    expect(await book.createContact(newContact())).toBe('exists');
  });

  it('throws what the server says of a card that it refuses', async () => {
    const book = await at.open();
    at.proxy.fault(isPut, { answer: { status: 403, body: '<error xmlns="DAV:"><valid-address-data/></error>' } });
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
    const book = await at.open();
    await book.createContact(newContact({ formattedName }));
    expect(await book.findByAddress(['evil@x.example'])).toEqual([]);
    const [card] = await at.cards.cards();
    const names = linesOf(card?.text ?? '').map((line) => line.split(/[:;]/, 1)[0]);
    expect(names.filter((name) => name === 'EMAIL')).toHaveLength(1);
    expect(names).not.toContain('X-EVIL');
    expect((await contactOf(book, 'ann@x.example')).addresses).toEqual(['ann@x.example']);
  });

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
    const href = await at.cards.putCard(cardText('a', ...userCard));
    const before = linesOf((await at.cards.getCard(href)) ?? '');
    const book = await at.open();
    const { href: contactHref } = await contactOf(book, 'ann@x.example');
    expect(await book.changeContact(contactHref, () => ({ addNoteLine: 'Mailroom: Feed' }))).toBe('changed');
    const after = linesOf((await at.cards.getCard(href)) ?? '');
    expect(after).toEqual(before.map((line) => (line.startsWith('NOTE') ? `${line}\\nMailroom: Feed` : line)));
  });

  it('changes a 4.0 card in the form in which it is kept', async () => {
    const lines = [
      'EMAIL:ann@x.example',
      `PHOTO:data:image/jpeg;base64,${'QUJD'.repeat(60)}`,
      'KIND:individual',
      'LANG:de',
    ];
    const href = await at.cards.putCard(versionedCard('4.0', 'a', ...lines));
    const before = linesOf((await at.cards.getCard(href, '4.0')) ?? '');
    const book = await at.open();
    await book.changeContact((await contactOf(book, 'ann@x.example')).href, () => ({
      addNoteLine: 'Mailroom: Feed',
    }));
    const after = linesOf((await at.cards.getCard(href, '4.0')) ?? '');
    expect(before).toContain('VERSION:4.0');
    expect([...after].sort()).toEqual([...before, 'NOTE:Mailroom: Feed'].sort());
  });

  it('fills in an empty name', async () => {
    await at.cards.putCard(cardText('a', 'EMAIL:ann@x.example').replace(/FN:.*/, 'FN:'));
    const book = await at.open();
    const { href } = await contactOf(book, 'ann@x.example');
    await book.changeContact(href, () => ({ formattedName: 'Ann, "A"' }));
    expect(await contactOf(book, 'ann@x.example')).toMatchObject({ formattedName: 'Ann, "A"' });
  });

  it('writes nothing where there is nothing to change', async () => {
    await at.cards.putCard(cardText('a', ...userCard));
    const before = await at.cards.cardState();
    const book = await at.open();
    const { href } = await contactOf(book, 'ann@x.example');
    expect(await book.changeContact(href, () => undefined)).toBe('unchanged');
    expect(await at.cards.cardState()).toBe(before);
  });

  it('changes the card anew when the user has changed it meanwhile', async () => {
    const href = await at.cards.putCard(cardText('a', ...userCard));
    const book = await at.open();
    const { href: contactHref } = await contactOf(book, 'ann@x.example');
    const edit = (): Promise<unknown> => at.cards.putCard(cardText('a', ...userCard, 'X-MEANWHILE:1'));
    at.proxy.fault(isPut, { hold: edit }, 1);
    expect(await book.changeContact(contactHref, () => ({ addNoteLine: 'Mailroom: Feed' }))).toBe('changed');
    const after = (await at.cards.getCard(href)) ?? '';
    expect(after).toContain('X-MEANWHILE:1');
    expect(after).toContain('NOTE:met in Rome\\nMailroom: Feed');
  });

  it('adds a line once although the answer is lost', async () => {
    const href = await at.cards.putCard(cardText('a', ...userCard));
    const book = await at.open();
    const { href: contactHref } = await contactOf(book, 'ann@x.example');
    at.proxy.fault(isPut, { drop: 'after' }, 1);
    await book.changeContact(contactHref, ({ note }) =>
      note.includes('Mailroom: Feed') ? undefined : { addNoteLine: 'Mailroom: Feed' },
    );
    expect((await at.cards.getCard(href))?.split('Mailroom: Feed')).toHaveLength(2);
  });

  it('says that a contact is gone', async () => {
    const href = await at.cards.putCard(cardText('a', ...userCard));
    const book = await at.open();
    const { href: contactHref } = await contactOf(book, 'ann@x.example');
    await at.cards.deleteCard(href);
    expect(await book.changeContact(contactHref, () => ({ addNoteLine: 'Mailroom: Feed' }))).toBe('gone');
    expect(await book.deleteContact(contactHref, () => false)).toBe('gone');
    expect(await at.cards.cards()).toEqual([]);
  });

  it('deletes a contact unless something speaks against it', async () => {
    await at.cards.putCard(cardText('a', ...userCard));
    const book = await at.open();
    const { href } = await contactOf(book, 'ann@x.example');
    expect(await book.deleteContact(href, ({ note }) => note === 'met in Rome')).toBe('kept');
    expect(await at.cards.cards()).toHaveLength(1);
    expect(await book.deleteContact(href, () => false)).toBe('deleted');
    expect(await at.cards.cards()).toEqual([]);
  });

  it('asks again before it deletes a contact that was changed meanwhile', async () => {
    await at.cards.putCard(cardText('a', ...userCard));
    const book = await at.open();
    const { href } = await contactOf(book, 'ann@x.example');
    const edit = (): Promise<unknown> => at.cards.putCard(cardText('a', ...userCard).replace('Rome', 'Paris'));
    at.proxy.fault(({ kind }) => kind === 'DELETE', { hold: edit }, 1);
    expect(await book.deleteContact(href, ({ note }) => note === 'met in Paris')).toBe('kept');
    expect(await at.cards.cards()).toHaveLength(1);
  });
});

describeBook('Contacts that are changed one after the other', (at) => {
  const LINES = ['NOTE:mine\\; x', 'X-EMOJI:😀 Zoë', `X-LONG:${'ü'.repeat(100)}`, 'item1.X-ABLABEL:_$!<Work>!$_'];
  const ADDRESSES = ['a', 'b', 'c', 'd'].map((name) => `${name}@x.example`);

  it('keep all of their other lines, though they are read together', async () => {
    for (const [index, address] of ADDRESSES.entries()) {
      const question = index === 3 ? ['URL:https://x.example/?q'] : [];
      await at.cards.putCard(cardText(`card-${index}`, `EMAIL:${address}`, ...LINES, ...question));
    }
    const book = await at.open();
    const contacts = await book.findByAddress(ADDRESSES);
    const linesOfAll = async () =>
      (await at.cards.cards()).map(({ text }) => linesOf(text).filter((line) => !line.startsWith('REV'))).sort();
    const before = await linesOfAll();
    at.proxy.forget();
    book.expectChanges(contacts.map(({ href }) => href));
    for (const { href } of contacts)
      await book.changeContact(href, () => ({ addNoteLine: 'Mailroom 2026-01-15: Feed' }));
    const { GET: gets = 0, ...others } = at.proxy.counts();
    expect(await linesOfAll()).toEqual(
      before.map((lines) =>
        lines.map((line) => (line.startsWith('NOTE') ? `${line}\\nMailroom 2026-01-15: Feed` : line)),
      ),
    );
    expect(others).toMatchObject({ 'REPORT addressbook-multiget': 1, PUT: 4 });
    // Radicale's lengths do not tell whether a card is shown byte for byte: each is read alone as well.
    expect(gets).toBe(at.serverName === 'Radicale' ? ADDRESSES.length : 1);
  });
});
