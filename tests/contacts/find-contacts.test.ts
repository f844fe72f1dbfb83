import { openAddressBook } from '../../src/contacts/open-address-book';
import { card, contactCard } from './cards';
import {
  BOOK,
  cardResponse,
  discovery,
  eachOnScriptedBook,
  isListing,
  multistatus,
  precondition,
  response,
} from './scripted-dav';

const { server, open, href } = eachOnScriptedBook();

describe('finding contacts by address', () => {
  it('asks for many addresses in few requests, and checks them again', async () => {
    const { book, requests } = await open((request) =>
      isListing(request)
        ? multistatus()
        : multistatus(
            cardResponse('1.vcf', contactCard('1', 'EMAIL:ANN@x')),
            cardResponse('2.vcf', contactCard('2', 'EMAIL:joann@x')),
            cardResponse('3.vcf', contactCard('3', 'EMAIL:ann@x', 'X-ADDRESSBOOKSERVER-KIND:group')),
          ),
    );
    const addresses = ['ann@x', ...Array.from({ length: 119 }, (_, i) => `a${i}@x`)];
    await expect(book.findByAddress(addresses)).resolves.toMatchObject([{ uid: '1', href: href('1.vcf') }]);
    expect(requests()).toHaveLength(4);
    const asked = requests().flatMap(({ body }) =>
      [...body.matchAll(/match-type="contains">([^<]*)</g)].map((match) => match[1]),
    );
    expect(asked.sort()).toEqual([...addresses].sort());
  });

  it.each([
    [`o'brien&sons@x`, ["o'brien&amp;sons@x"]],
    ['"a,b"@x', ['"a,b"@x', '"a\\,b"@x']],
    ['"a&amp;]]>b"@x', ['"a&amp;amp;]]&gt;b"@x', '"a&amp;amp\\;]]&gt;b"@x']],
    ['a%20b@x', ['a%20b@x']],
    ['Zoë@x', ['Zoë@x', 'zoë@x', 'ZOË@X']],
    ['a\u0000\ud800@x', ['a @x']],
    ['x'.repeat(1_000), ['x'.repeat(1_000)]],
  ])('asks for %j in each spelling that a server may keep', async (address, spellings) => {
    const { book, requests } = await open(() => multistatus());
    await book.findByAddress([address]);
    const query = requests().find((request) => !isListing(request))?.body ?? '';
    expect([...query.matchAll(/match-type="contains">([^<]*)</g)].map((match) => match[1])).toEqual(spellings);
  });

  it('finds an address under a group where the server does not', async () => {
    const { book, requests } = await open((request) => {
      if (isListing(request)) {
        return multistatus(
          cardResponse('1.vcf', card(['UID:1', 'item1.EMAIL:ann@x'])),
          cardResponse('2.vcf', card(['UID:2'])),
          cardResponse('3.vcf', card(['UID:3', 'item1.EMAIL:bob@x'])),
        );
      }
      if (request.body.includes('multiget')) {
        return multistatus(cardResponse('1.vcf', contactCard('1', 'item1.EMAIL:ann@x', 'NOTE:mine')));
      }
      return multistatus();
    });
    await expect(book.findByAddress(['Ann@x'])).resolves.toMatchObject([{ uid: '1', note: 'mine' }]);
    expect(
      requests()
        .find(({ body }) => body.includes('multiget'))
        ?.body.match(/<d:href>[^<]*/g),
    ).toEqual([`<d:href>${BOOK}1.vcf`]);
  });

  it('halves a question that has too many answers', async () => {
    const { book, requests } = await open((request) => {
      if (isListing(request)) return multistatus();
      const asked = [...request.body.matchAll(/match-type="contains">([^<]*)</g)].map((match) => match[1]);
      if (asked.length > 3) {
        return multistatus(
          cardResponse('a0.vcf', contactCard('a0', 'EMAIL:a0@x')),
          `<D:response><D:href>${BOOK}</D:href><D:status>HTTP/1.1 507 Insufficient Storage</D:status></D:response>`,
        );
      }
      return multistatus(
        ...asked.map((address) => cardResponse(`${address}.vcf`, contactCard(address ?? '', `EMAIL:${address}`))),
      );
    });
    const addresses = Array.from({ length: 10 }, (_, i) => `a${i}@x`);
    const found = await book.findByAddress(addresses);
    expect(found.map(({ uid }) => uid).sort()).toEqual(addresses);
    expect(requests().length).toBeGreaterThan(4);
  });

  it('gives up where one address has too many answers', async () => {
    const { book } = await open((request) =>
      isListing(request) ? multistatus() : { status: 507, body: precondition('number-of-matches-within-limits') },
    );
    await expect(book.findByAddress(['a@x'])).rejects.toMatchObject({ code: 'protocol' });
  });

  it.each([
    [
      'CDATA in several pieces',
      `<![CDATA[${contactCard('1', 'EMAIL:ann@x', 'NOTE:a]]').replace(/\r\nEND.*\r\n$/s, '')}]]><![CDATA[>b\r\nEND:VCARD\r\n]]>`,
      'a]]>b',
    ],
    [
      'text with entities',
      contactCard('1', 'EMAIL:ann@x', 'NOTE:a &amp;amp; b &lt;c&gt; &#228;').replaceAll('\r\n', '&#13;\n'),
      'a &amp; b <c> ä',
    ],
    ['text with line ends of LF', contactCard('1', 'EMAIL:ann@x', 'NOTE:a').replaceAll('\r\n', '\n'), 'a'],
  ])('reads %s', async (_, data, note) => {
    const { book } = await open((request) =>
      isListing(request)
        ? multistatus()
        : multistatus(
            response(`${BOOK}1%2E.vcf`, `<C:address-data>\n  ${data}\n</C:address-data><D:getetag>12</D:getetag>`),
          ),
    );
    await expect(book.findByAddress(['ann@x'])).resolves.toMatchObject([{ uid: '1', note, href: href('1%2E.vcf') }]);
  });

  it('leaves out what went away meanwhile, and asks for nothing without addresses', async () => {
    const { book, requests } = await open(() =>
      multistatus(`<D:response><D:href>${BOOK}1.vcf</D:href><D:status>HTTP/1.1 404 Not Found</D:status></D:response>`),
    );
    await expect(book.findByAddress([])).resolves.toEqual([]);
    expect(requests()).toHaveLength(0);
    await expect(book.findByAddress(['ann@x'])).resolves.toEqual([]);
  });
});

describe('addresses in odd dress', () => {
  it.each([
    'EMAIL: ann@x ',
    'EMAIL;TYPE=work:\tAnn@X',
    'EMAIL;VALUE=uri:mailto:ann@x',
    'EMAIL;VALUE=URI:MAILTO:ann@x?subject=x',
    'EMAIL:mailto:%61nn@x',
    'EMAIL:Ann Doe <ann@x>',
    'EMAIL:<ann@x>',
    'item1.EMAIL: ann@x',
  ])('are found: %s', async (line) => {
    const { book } = await open((request) => {
      if (isListing(request)) return multistatus();
      const isMatch = request.body.includes('match-type="contains">ann@x<');
      return multistatus(...(isMatch ? [cardResponse('1.vcf', contactCard('1', line))] : []));
    });
    await expect(book.findByAddress(['ann@x'])).resolves.toMatchObject([{ uid: '1' }]);
  });

  it.each(['joann@x', 'ann@x.example', 'mailto:ann@x@y', '<ann@x> Bob', 'ann@x <bob@x>', '%'])(
    'are compared exactly all the same: %s',
    async (value) => {
      const { book } = await open(() => multistatus(cardResponse('1.vcf', contactCard('1', `EMAIL:${value}`))));
      await expect(book.findByAddress(['ann@x'])).resolves.toEqual([]);
    },
  );

  it('are asked for exactly where too many hold the address of one', async () => {
    const { book } = await open((request) => {
      if (isListing(request)) return multistatus();
      if (request.body.includes('contains'))
        return { status: 507, body: precondition('number-of-matches-within-limits') };
      return multistatus(cardResponse('1.vcf', contactCard('1', 'EMAIL:a@x')));
    });
    await expect(book.findByAddress(['a@x'])).resolves.toMatchObject([{ uid: '1' }]);
  });
});

describe('finding contacts otherwise', () => {
  it('compares names without case, in either Unicode form', async () => {
    const { book, requests } = await open(() =>
      multistatus(
        cardResponse('1.vcf', card(['UID:1', 'FN:ZOE\u0308 Doe'])),
        cardResponse('2.vcf', card(['UID:2', 'FN:Zoë Doering'])),
      ),
    );
    await expect(book.findSimilar({ names: ['Zoë doe'], inAddresses: [] })).resolves.toMatchObject([{ uid: '1' }]);
    expect(requests()[0]?.body).toContain('>ZOE\u0308 DOE<');
  });

  it('finds by a part of an address, and compares it again', async () => {
    const { book, requests } = await open(() =>
      multistatus(
        cardResponse('1.vcf', card(['UID:1', 'EMAIL:a@x', 'EMAIL:news@My-SHOP.example'])),
        cardResponse('2.vcf', card(['UID:2', 'FN:shop', 'EMAIL:news@shap.example'])),
        cardResponse('g.vcf', card(['UID:g', 'FN:shop', 'KIND:group', 'EMAIL:news@shop.example'])),
      ),
    );
    await expect(book.findSimilar({ names: [], inAddresses: ['Shop.', 'other'] })).resolves.toEqual([
      { uid: '1', formattedName: null, addresses: ['a@x', 'news@My-SHOP.example'] },
    ]);
    const asked = [
      ...(requests()[0]?.body.matchAll(/name="EMAIL"[^<]*<card:text-match[^>]*"contains">([^<]*)/g) ?? []),
    ];
    expect(asked.map(([, text]) => text)).toEqual(['shop.', 'other']);
    expect(requests()).toHaveLength(1);
  });

  it('finds by a part of NOTE', async () => {
    const { book, requests } = await open(() =>
      multistatus(
        cardResponse('1.vcf', contactCard('1', 'NOTE:Mailroom x')),
        cardResponse('2.vcf', contactCard('2', 'NOTE:mailroom x')),
      ),
    );
    await expect(book.findByNote('Mailroom ')).resolves.toMatchObject([{ uid: '1' }]);
    expect(requests()[0]?.body).toContain('match-type="contains">Mailroom <');
  });

  it('finds contacts and every group, in two requests', async () => {
    const { book, requests } = await open((request) => {
      if (!isListing(request)) {
        const others = [contactCard('2', 'EMAIL:joann@x'), contactCard('3', 'EMAIL:x@x', 'EMAIL:Ann@x')];
        return multistatus(...others.map((text, index) => cardResponse(`${index + 2}.vcf`, text)));
      }
      return multistatus(
        cardResponse('1.vcf', card(['UID:1', 'item1.EMAIL:ann@x'])),
        cardResponse('3.vcf', contactCard('3', 'EMAIL:x@x', 'EMAIL:Ann@x')),
        cardResponse('4.vcf', card(['UID:4', 'item1.EMAIL:bob@x'])),
        cardResponse('g.vcf', card(['UID:g', 'FN:Feed', 'KIND:group', 'MEMBER:urn:uuid:1'])),
        cardResponse('broken.vcf', 'EMAIL:ann@x'),
      );
    });
    const { contacts, groups } = await book.findWithGroups(['ann@X']);
    expect(contacts.map(({ uid }) => uid).sort()).toEqual(['1', '3']);
    expect(groups).toMatchObject([{ uid: 'g', name: 'Feed', members: ['1'] }]);
    expect(book.unreadable()).toMatchObject([{ href: href('broken.vcf'), mayBelongTo: ['ann@x'] }]);
    expect(requests()).toHaveLength(2);
  });

  it('reads groups in the order asked for, and leaves out one that is gone', async () => {
    const group = (uid: string) => card([`UID:${uid}`, `FN:${uid}`, 'KIND:group', 'MEMBER:urn:uuid:m']);
    const { book, requests } = await open(() =>
      multistatus(
        cardResponse('b.vcf', group('b')),
        `<D:response><D:href>${BOOK}gone.vcf</D:href><D:href>${BOOK}x.vcf</D:href><D:status>HTTP/1.1 404 Not Found</D:status></D:response>`,
        cardResponse('100%.vcf', group('c')),
        cardResponse(`${server().url}${BOOK.slice(1)}a%20a.vcf`.replace(server().url, '/'), group('a')),
      ),
    );
    const groups = await book.readGroups([href('a a.vcf'), href('gone.vcf'), href('b.vcf'), href('100%.vcf')]);
    expect(groups).toMatchObject([{ uid: 'a', name: 'a', members: ['m'] }, { uid: 'b' }, { uid: 'c' }]);
    expect(requests()).toHaveLength(1);
  });
});

describe('cards that cannot be read', () => {
  const ANN = contactCard('1', 'EMAIL:ann@x');
  const broken: readonly (readonly [string, string, string?])[] = [
    ['without an end', ANN.replace(/END.*/s, '')],
    ['with CR alone between its lines', ANN.replaceAll('\r\n', '\r')],
    ['of a calendar', ANN.replaceAll('VCARD', 'VCALENDAR')],
    ['of a web page', '<html>Ann &lt;ANN@X&gt;</html>'],
    ['that is cut off in the address', ANN.replace('ann@x', 'ann@\r\n x').replace(/END.*/s, '')],
    ['of too many lines', ANN.replace('END', `${'X:\r\n'.repeat(100_001)}END`), 'holds more than can be read'],
    [
      'with a note that is too long',
      ANN.replace('END', `NOTE:${'x'.repeat(1_100_000)}\r\nEND`),
      'holds more than can be read',
    ],
    [
      'with an address far down in it',
      ANN.replace('EMAIL:ann@x', `PHOTO:${'x'.repeat(65_530 - 60)}\r\nEMAIL:ann@x`).replace(/END.*/s, ''),
    ],
  ];

  it.each(broken)('are set aside, and named once: a card %s', async (_, text = '', reason = 'is no whole vCard') => {
    const { book } = await open((request) =>
      multistatus(
        cardResponse('broken.vcf', text),
        ...(isListing(request) ? [] : [cardResponse('2.vcf', contactCard('2', 'EMAIL:bob@x'))]),
      ),
    );
    await expect(book.findByAddress(['bob@x', 'Ann@x', 'cy@x'])).resolves.toMatchObject([{ uid: '2' }]);
    expect(book.unreadable()).toEqual([{ href: href('broken.vcf'), reason, mayBelongTo: ['ann@x'] }]);
  });

  const kept: readonly (readonly [string, string])[] = [
    ['without a text', response(`${BOOK}1.vcf`, '<D:getetag>"1"</D:getetag>')],
    ['with an empty text', response(`${BOOK}1.vcf`, '<C:address-data> </C:address-data>')],
    [
      'whose text is not found',
      `<D:response><D:href>${BOOK}1.vcf</D:href><D:propstat><D:prop><C:address-data/></D:prop><D:status>HTTP/1.1 404 Not Found</D:status></D:propstat></D:response>`,
    ],
    ...[403, 500].map((status): [string, string] => [
      `that is answered with ${status}`,
      `<D:response><D:href>${BOOK}1.vcf</D:href><D:status>HTTP/1.1 ${status} Oops</D:status></D:response>`,
    ]),
  ];
  it.each(kept)('hold back whom they are found for alone, where one comes %s', async (_, element) => {
    const { book } = await open((request) => {
      if (isListing(request)) return multistatus(element);
      return multistatus(
        ...(request.body.includes('>ann@x<') ? [element] : []),
        ...(request.body.includes('>bob@x<') ? [cardResponse('2.vcf', contactCard('2', 'EMAIL:bob@x'))] : []),
      );
    });
    await expect(
      book.findByAddress(['a@x', 'bob@x', 'Ann@x', 'cy@x'].map((each) => each.toLowerCase())),
    ).resolves.toMatchObject([{ uid: '2' }]);
    expect(book.unreadable()).toMatchObject([{ href: href('1.vcf'), mayBelongTo: ['ann@x'] }]);
  });

  it('hold back whose addresses are under groups of properties, where the whole card does not come', async () => {
    const { book } = await open((request) => {
      if (isListing(request)) return multistatus(cardResponse('1.vcf', card(['UID:1', 'item1.EMAIL:Ann@x'])));
      return request.body.includes('multiget') ? { status: 507 } : multistatus();
    });
    await expect(book.findByAddress(['ann@x', 'bob@x'])).resolves.toEqual([]);
    expect(book.unreadable()).toMatchObject([{ href: href('1.vcf'), mayBelongTo: ['ann@x'] }]);
  });

  it('hold back whom they are found for alone, where one is too large', async () => {
    const huge = cardResponse('1.vcf', ANN.replace('END', `PHOTO:${'x'.repeat(17 * 1024 * 1024)}\r\nEND`));
    const { book, requests } = await open((request) => {
      if (isListing(request)) return multistatus();
      if (!request.body.includes('address-data'))
        return multistatus(response(`${BOOK}1.vcf`, '<D:getetag>"1"</D:getetag>'));
      return multistatus(
        ...(request.body.includes('>ann@x<') ? [huge] : []),
        ...(request.body.includes('>bob@x<') ? [cardResponse('2.vcf', contactCard('2', 'EMAIL:bob@x'))] : []),
      );
    });
    await expect(book.findByAddress(['bob@x', 'ann@x'])).resolves.toMatchObject([{ uid: '2' }]);
    expect(book.unreadable()).toMatchObject([{ href: href('1.vcf'), mayBelongTo: ['ann@x'] }]);
    expect(requests().length).toBeLessThan(10);
  });

  it('are asked for one by one where pages of them would be too long', async () => {
    const photo = `PHOTO:${'x'.repeat(600_000)}`;
    const { book } = await open(({ body }) => {
      const asked = [...body.matchAll(/<d:href>([^<]*)/g)].map((match) => match[1] as string);
      return multistatus(...asked.map((each) => cardResponse(each, contactCard(each.replace(/\W/g, ''), photo))));
    });
    const hrefs = Array.from({ length: 12 }, (_, i) => href(`${i}.vcf`));
    await expect(book.readContacts(hrefs)).resolves.toHaveLength(12);
  });

  it('are found by a look at every card', async () => {
    const { book } = await open(({ body }) => {
      expect(body).toMatch(/prop-filter name="UID"\/>/);
      return multistatus(
        cardResponse('1.vcf', ANN),
        cardResponse('2.vcf', 'BEGIN:VCARD\r\n'),
        (kept[0]?.[1] ?? '').replace('1.vcf', '3.vcf'),
      );
    });
    await expect(book.listContacts()).resolves.toEqual([
      { href: href('1.vcf'), uid: '1', writtenUid: '1', addresses: ['ann@x'] },
    ]);
    expect(book.unreadable()).toMatchObject([{ href: href('2.vcf') }, { href: href('3.vcf') }]);
  });

  it('are looked for in pages where all cards together are too long', async () => {
    const photo = `PHOTO:${'x'.repeat(6_000_000)}`;
    const { book } = await open(({ body }) => {
      const asked = [...body.matchAll(/<d:href>([^<]*)/g)].map((match) => match[1] as string);
      const names = asked.length > 0 ? asked : ['1.vcf', '2.vcf', '3.vcf'];
      if (!body.includes('address-data'))
        return multistatus(...names.map((name) => response(`${BOOK}${name}`, '<D:getetag>"1"</D:getetag>')));
      return multistatus(
        ...names.map((name) => cardResponse(name, name.endsWith('3.vcf') ? 'BEGIN:' : contactCard('1', photo))),
      );
    });
    await expect(book.listContacts()).resolves.toHaveLength(2);
    expect(book.unreadable()).toMatchObject([{ href: href('3.vcf') }]);
  });

  it('leave the book open where one is among the groups', async () => {
    server().play(
      discovery(() =>
        multistatus(
          cardResponse('1.vcf', 'BEGIN:VCARD\r\n'),
          cardResponse('g.vcf', card(['UID:g', 'FN:Feed', 'KIND:group'])),
        ),
      ),
    );
    const book = await openAddressBook({ url: server().url, username: 'ann', http: server().http });
    expect(book.groups).toMatchObject([{ name: 'Feed' }]);
    expect(book.unreadable()).toMatchObject([{ href: href('1.vcf'), mayBelongTo: [] }]);
  });
});
