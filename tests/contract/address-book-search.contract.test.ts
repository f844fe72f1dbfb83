import { openCardDriver } from '../support/card-driver';
import { openAccountBook } from '../support/clients';
import { describeOnMailServers } from '../support/on-servers';
import { cardText, putCard, versionedCard } from '../support/wire';
import { describeBook, uidsOf } from './book-at-hand';

describeBook('The address book that is opened and searched', (at) => {
  const found = async (...addresses: readonly string[]): Promise<readonly string[]> =>
    uidsOf(await (await at.open()).findByAddress(addresses));

  it('finds the groups of both kinds in five requests, and no contacts among them', async () => {
    await at.cards.makeGroup({ name: 'Paper Trail', uid: '6f4ad3a2-50a4-4a9d-8d9f-a0f3d4b6c001' });
    await at.cards.makeGroup({ name: 'Größe, 1;2', uid: 'vips', version: '4.0' });
    await at.cards.putCard(cardText('a', 'EMAIL:ann@x.example'));
    const book = await at.open();
    expect(at.proxy.requests.length).toBeLessThanOrEqual(5);
    expect(book.writable).toBe(true);
    expect(book.groups.map(({ uid, name }) => [uid, name]).sort()).toEqual([
      ['6f4ad3a2-50a4-4a9d-8d9f-a0f3d4b6c001', 'Paper Trail'],
      ['vips', 'Größe, 1;2'],
    ]);
  });

  it('finds contacts and all groups with their members in two requests, however they are written', async () => {
    await at.cards.makeGroup({ name: 'Feed', uid: 'feed', members: ['plain', 'grouped'] });
    await at.cards.makeGroup({ name: 'New', uid: 'new', members: ['plain'], version: '4.0' });
    await at.cards.putCard(cardText('plain', 'EMAIL;TYPE=work:Ann@X.example', 'NOTE:Mailroom 2026-01-01: Feed'));
    await at.cards.putCard(cardText('grouped', 'item1.EMAIL:bob@x.example'));
    await at.cards.putCard(cardText('other', 'EMAIL:joann@x.example'));
    await at.cards.putCard(cardText('phone', 'TEL:+1 23'));
    const book = await at.open();
    at.proxy.forget();
    const { contacts, groups } = await book.findWithGroups(['ann@x.example', 'bob@x.example', 'nobody@x.example']);
    expect(at.proxy.requests).toHaveLength(2);
    expect(uidsOf(contacts)).toEqual(['grouped', 'plain']);
    expect(contacts.find(({ uid }) => uid === 'plain')?.note).toBe('Mailroom 2026-01-01: Feed');
    expect(groups.map(({ uid, members }) => [uid, [...members].sort()]).sort()).toEqual([
      ['feed', ['grouped', 'plain']],
      ['new', ['plain']],
    ]);
  });

  it('rejects a wrong password, and keeps it out of its message', async () => {
    const opening = openAccountBook({ ...at.account, password: 'wrong-secret' });
    await expect(opening).rejects.toMatchObject({
      code: 'credentials',
      message: expect.not.stringContaining('wrong-secret'),
    });
  });

  it('finds the address whole and without regard to case, and no look-alike', async () => {
    await at.cards.putCard(cardText('right', 'EMAIL;TYPE=work:Ann@X.example'));
    await at.cards.putCard(cardText('longer', 'EMAIL:joann@x.example'));
    await at.cards.putCard(cardText('further', 'EMAIL:ann@x.example.org'));
    await at.cards.putCard(cardText('plus', 'EMAIL:ann+news@x.example'));
    await at.cards.putCard(cardText('kelvin', 'EMAIL:mar\u212a@x.example'));
    await at.cards.putCard(cardText('named', 'NOTE:ann@x.example'));
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
    await at.cards.putCard(cardText('odd', `EMAIL:${address}`));
    expect(await found(address)).toEqual(['odd']);
  });

  it('finds every form in which a card may hold the address', async () => {
    await at.cards.putCard(cardText('grouped', 'item1.EMAIL;TYPE=INTERNET:ann@x.example', 'item1.X-ABLabel:Work'));
    await at.cards.putCard(cardText('second', 'EMAIL:other@x.example', 'EMAIL:ann@x.example'));
    await at.cards.putCard(versionedCard('4.0', 'four', 'EMAIL;PREF=1:ann@x.example'));
    await at.cards.putCard(cardText('folded', 'EMAIL:ann@', ' x.example'));
    expect(await found('ann@x.example')).toEqual(['folded', 'four', 'grouped', 'second']);
  });

  it('finds many addresses in few requests', async () => {
    const addresses = Array.from({ length: 120 }, (_, i) => `sender${i}@x.example`);
    await at.cards.putCards(addresses.map((address, i) => cardText(`contact-${i}`, `EMAIL:${address}`)));
    const book = await at.open();
    at.proxy.forget();
    expect(await book.findByAddress([...addresses, 'nobody@x.example'])).toHaveLength(120);
    expect(at.proxy.requests.length).toBeLessThanOrEqual(8);
  });

  it('finds every contact at a domain, however it is written, and none of another one', async () => {
    await at.cards.putCards([
      cardText('ann', 'EMAIL;TYPE=work:Ann@Shop.Example'),
      cardText('grouped', 'item1.EMAIL;TYPE=INTERNET:bob@shop.example', 'item1.X-ABLabel:Work'),
      cardText('second', 'EMAIL:x@y.example', 'EMAIL:eve@shop.example'),
      cardText('domain', 'EMAIL:*@shop.example'),
      cardText('subdomain', 'EMAIL:ann@my.shop.example'),
      cardText('longer', 'EMAIL:ann@shop.example.org'),
      cardText('named', 'NOTE:ann@shop.example'),
    ]);
    const book = await at.open();
    at.proxy.forget();
    const atDomain = (await book.findByAddress(['x@other.example'], ['@shop.example'])).map(({ uid }) => uid);
    expect(atDomain.sort()).toEqual(['ann', 'domain', 'grouped', 'second']);
    expect(at.proxy.requests.filter(({ method }) => method === 'REPORT').length).toBeLessThan(6);
  });

  it('finds no group by its address', async () => {
    await at.cards.makeGroup({ name: 'Team', lines: ['EMAIL:ann@x.example'] });
    expect(await found('ann@x.example')).toEqual([]);
  });

  it('reads name, note and addresses as text', async () => {
    await at.cards.putCard(
      cardText(
        'a',
        'item1.EMAIL:first@x.example',
        'EMAIL:ann@x.example',
        'NOTE:one\\, two\\;\\nthree \\\\ four',
      ).replace(/FN:.*/, 'FN:Ann\\, the 1st'),
    );
    const [contact] = await (await at.open()).findByAddress(['ann@x.example']);
    expect(contact).toMatchObject({
      uid: 'a',
      formattedName: 'Ann, the 1st',
      note: 'one, two;\nthree \\ four',
      addresses: ['first@x.example', 'ann@x.example'],
      pristine: false,
    });
  });

  it('tells an empty name', async () => {
    await at.cards.putCard(cardText('a', 'EMAIL:ann@x.example').replace(/FN:.*/, 'FN:'));
    expect(await (await at.open()).findByAddress(['ann@x.example'])).toMatchObject([{ formattedName: '' }]);
  });

  it('reads UIDs without their prefix, and UUIDs in lower case', async () => {
    await putCard(
      at.account,
      'a.vcf',
      cardText('urn:uuid:6F4AD3A2-50A4-4A9D-8D9F-A0F3D4B6C001', 'EMAIL:ann@x.example'),
    );
    expect(await found('ann@x.example')).toEqual(['6f4ad3a2-50a4-4a9d-8d9f-a0f3d4b6c001']);
  });

  it('finds contacts by their whole name and by a part of their note', async () => {
    await at.cards.putCard(cardText('a', 'EMAIL:ann@x.example', 'NOTE:met in Rome\\, 2019'));
    await at.cards.putCard(cardText('b', 'EMAIL:ben@x.example').replace(/FN:.*/, 'FN:Ben Größe'));
    const book = await at.open();
    expect(uidsOf(await book.findSimilar({ names: ['card A', 'BEN GRÖSSE'], inAddresses: [] }))).toEqual(['a']);
    expect(uidsOf(await book.findSimilar({ names: ['Ben Größe'], inAddresses: [] }))).toEqual(['b']);
    expect(uidsOf(await book.findSimilar({ names: ['Card'], inAddresses: [] }))).toEqual([]);
    expect(uidsOf(await book.findByNote('Rome, 2019'))).toEqual(['a']);
    expect(uidsOf(await book.findByNote('Paris'))).toEqual([]);
  });

  it('finds contacts that are similar by their whole name, in any case and form, or by a part of an address', async () => {
    await at.cards.putCard(cardText('a', 'EMAIL:ann@Shop.example').replace(/FN:.*/, 'FN:"Ann Lee"'));
    await at.cards.putCard(cardText('b', 'EMAIL:ben@shopp.example', 'EMAIL:ben@x.example').replace(/FN:.*/, 'FN:Bén'));
    await at.cards.putCard(cardText('c', 'EMAIL:*@shop.example', 'NOTE:Ann'));
    await at.cards.makeGroup({ name: 'Ann' });
    const book = await at.open();
    const similar = async (names: readonly string[], inAddresses: readonly string[]) =>
      [...(await book.findSimilar({ names, inAddresses })).map(({ uid }) => uid)].sort();
    expect(await similar(['Ann', 'BE\u0301N', '"Ann Lee"'], [])).toEqual(['a', 'b']);
    expect(await similar([], ['@SHO'])).toEqual(['a', 'b', 'c']);
    expect(await similar([], ['n@shopp', 'nobody'])).toEqual(['b']);
    expect(await similar(['Bén'], ['*@'])).toEqual(['b', 'c']);
    expect(await similar([], [])).toEqual([]);
    expect(await book.findSimilar({ names: ['bén'], inAddresses: ['shop'] })).toContainEqual({
      uid: 'b',
      formattedName: 'Bén',
      addresses: ['ben@shopp.example', 'ben@x.example'],
    });
  });

  it.each([
    ['lost before the server gets it', { drop: 'before' }],
    ['cut off in the middle of its answer', { drop: 'mid-body' }],
    ['answered with 503', { answer: { status: 503 } }],
  ] as const)('repeats a search that is %s', async (_, fault) => {
    await at.cards.putCard(cardText('a', 'EMAIL:ann@x.example'));
    const book = await at.open();
    at.proxy.fault(({ kind }) => kind === 'REPORT addressbook-query', fault, 1);
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
    const book = await at.open();
    at.proxy.fault(({ kind }) => kind === 'REPORT addressbook-query', { answer });
    await expect(book.findByAddress(['ann@x.example'])).rejects.toMatchObject({ name: 'MailroomError', code });
  });
});

/** Elsewhere no book is the default one, and the first in order is taken. */
describeBook(
  'Of several address books',
  (at) => {
    it('the default one is taken', async () => {
      const other = await at.cards.makeBook('Another');
      await openCardDriver({ ...at.account, bookUrl: other }).makeGroup({ name: 'Elsewhere' });
      await at.cards.makeGroup({ name: 'Feed' });
      expect((await at.open()).groups.map(({ name }) => name)).toEqual(['Feed']);
    });
  },
  describeOnMailServers,
);
