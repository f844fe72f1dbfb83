import { card, contactCard } from './cards';
import { BOOK, cardResponse, eachOnScriptedBook, isListing, multistatus, precondition, response } from './scripted-dav';

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
      [...body.matchAll(/match-type="equals">([^<]*)</g)].map((match) => match[1]),
    );
    expect(asked.sort()).toEqual([...addresses].sort());
  });

  it.each([
    [`o'brien&sons@x`, ["o'brien&amp;sons@x"]],
    ['"a,b"@x', ['&quot;a,b&quot;@x', '&quot;a\\,b&quot;@x']],
    ['"a&amp;]]>b"@x', ['&quot;a&amp;amp;]]&gt;b&quot;@x', '&quot;a&amp;amp\\;]]&gt;b&quot;@x']],
    ['a%20b@x', ['a%20b@x']],
    ['Zoë@x', ['Zoë@x', 'zoë@x', 'ZOË@X']],
    ['a\u0000\ud800@x', ['a @x']],
    ['x'.repeat(1_000), ['x'.repeat(1_000)]],
  ])('asks for %j in each spelling that a server may keep', async (address, spellings) => {
    const { book, requests } = await open(() => multistatus());
    await book.findByAddress([address]);
    const query = requests().find((request) => !isListing(request))?.body ?? '';
    expect([...query.matchAll(/match-type="equals">([^<]*)</g)].map((match) => match[1])).toEqual(spellings);
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
      const asked = [...request.body.matchAll(/match-type="equals">([^<]*)</g)].map((match) => match[1]);
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

describe('finding contacts otherwise', () => {
  it('compares names without case, in either Unicode form', async () => {
    const { book, requests } = await open(() =>
      multistatus(
        cardResponse('1.vcf', card(['UID:1', 'FN:ZOE\u0308 Doe'])),
        cardResponse('2.vcf', card(['UID:2', 'FN:Zoë Doering'])),
      ),
    );
    await expect(book.findByName(['Zoë doe'])).resolves.toMatchObject([{ uid: '1' }]);
    expect(requests()[0]?.body).toContain('>ZOE\u0308 DOE<');
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

  it('reads groups in the order asked for, and leaves out one that is gone', async () => {
    const group = (uid: string) => card([`UID:${uid}`, `FN:${uid}`, 'KIND:group', 'MEMBER:urn:uuid:m']);
    const { book, requests } = await open(() =>
      multistatus(
        cardResponse('b.vcf', group('b')),
        `<D:response><D:href>${BOOK}gone.vcf</D:href><D:href>${BOOK}x.vcf</D:href><D:status>HTTP/1.1 404 Not Found</D:status></D:response>`,
        cardResponse(`${server().url}${BOOK.slice(1)}a%20a.vcf`.replace(server().url, '/'), group('a')),
      ),
    );
    const groups = await book.readGroups([href('a a.vcf'), href('gone.vcf'), href('b.vcf')]);
    expect(groups).toMatchObject([{ uid: 'a', name: 'a', members: ['m'] }, { uid: 'b' }]);
    expect(requests()).toHaveLength(1);
  });
});
