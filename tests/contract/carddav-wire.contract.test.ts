import type { Account, MailServer } from '../support/account';
import { addressbookQuery, cardsIn, has, hasNot, multiget, NAMESPACES, type Query } from '../support/dav-queries';
import { describeOnMailServers } from '../support/on-servers';
import { cardText, dav, putCard, versionedCard } from '../support/wire';

function propfind(...names: readonly string[]): string {
  return `<d:propfind ${NAMESPACES}><d:prop>${names.map((name) => `<${name}/>`).join('')}</d:prop></d:propfind>`;
}

describeOnMailServers('CardDAV as Mailroom relies on it', (server: () => MailServer) => {
  let account: Account;

  beforeEach(async () => {
    account = await server().addUser();
  });

  const find = async (query: Query): Promise<readonly string[]> => {
    const body = addressbookQuery(query);
    const { status, text } = await dav(account, 'REPORT', '', { headers: { depth: '1' }, body });
    expect(status).toBe(207);
    return cardsIn(text);
  };

  const uidsOf = async (query: Query): Promise<readonly (string | undefined)[]> =>
    (await find(query)).map((card) => /^UID[^:]*:(.*)$/m.exec(card)?.[1]).sort();

  it('is discovered: well-known, principal, home, address book', async () => {
    const wellKnown = await fetch(new URL('/.well-known/carddav', account.carddavUrl), {
      method: 'PROPFIND',
      redirect: 'manual',
    });
    expect(wellKnown.status).toBe(301);
    const start = new URL(wellKnown.headers.get('location') ?? '', account.carddavUrl).href;
    const hrefIn = (text: string, property: string): string =>
      new RegExp(`${property}>\\s*<[^>]*href>([^<]*)<`).exec(text)?.[1] ?? '';
    const ask = (path: string, depth: string, ...names: readonly string[]) =>
      dav(account, 'PROPFIND', path, { headers: { depth }, body: propfind(...names) });
    const principal = hrefIn((await ask(start, '0', 'd:current-user-principal')).text, 'current-user-principal');
    const home = hrefIn((await ask(principal, '0', 'c:addressbook-home-set')).text, 'addressbook-home-set');
    const { text } = await ask(home, '1', 'd:resourcetype', 'd:current-user-privilege-set', 'd:owner');
    expect(text).toContain(`${new URL(account.bookUrl).pathname}</`);
    expect(text).toMatch(/addressbook\/>/);
    expect(text).toMatch(/write-content\/>/);
    expect(hrefIn(text, 'owner')).toBe(principal);
  });

  it('rejects a wrong password and no password with 401', async () => {
    const wrong = { ...account, password: 'wrong' };
    expect((await dav(wrong, 'PROPFIND', '', { headers: { depth: '0' } })).status).toBe(401);
    expect((await fetch(account.bookUrl, { method: 'PROPFIND' })).status).toBe(401);
  });

  it('makes a card once with If-None-Match', async () => {
    const once = { 'if-none-match': '*' };
    expect((await putCard(account, 'a.vcf', cardText('a'), once)).status).toBe(201);
    expect((await putCard(account, 'a.vcf', cardText('a', 'NOTE:second'), once)).status).toBe(412);
    expect((await dav(account, 'GET', 'a.vcf')).text).not.toContain('second');
  });

  it('changes and deletes a card only as it was read, with If-Match', async () => {
    await putCard(account, 'a.vcf', cardText('a'));
    const etag = (await dav(account, 'GET', 'a.vcf')).headers.get('etag') ?? '';
    const asRead = { 'if-match': etag };
    expect((await putCard(account, 'a.vcf', cardText('a', 'NOTE:first'), asRead)).status).toBe(204);
    expect((await putCard(account, 'a.vcf', cardText('a', 'NOTE:second'), asRead)).status).toBe(412);
    expect((await dav(account, 'DELETE', 'a.vcf', { headers: asRead })).status).toBe(412);
    expect((await dav(account, 'GET', 'a.vcf')).text).toContain('NOTE:first');
    const now = (await dav(account, 'GET', 'a.vcf')).headers.get('etag') ?? '';
    expect(now).not.toBe(etag);
    expect((await dav(account, 'DELETE', 'a.vcf', { headers: { 'if-match': now } })).status).toBe(204);
    expect((await dav(account, 'GET', 'a.vcf')).status).toBe(404);
  });

  it('answers If-Match on a card that is not there with 412, and a plain DELETE with 404', async () => {
    expect((await putCard(account, 'a.vcf', cardText('a'), { 'if-match': '"1"' })).status).toBe(412);
    expect((await dav(account, 'DELETE', 'a.vcf')).status).toBe(404);
  });

  it.each([
    ['no vCard', 'nonsense', 'valid-address-data'],
    ['without a UID', cardText('a').replace(/UID:.*\r\n/, ''), 'valid-address-data'],
    ['without FN', cardText('a').replace(/FN:.*\r\n/, ''), 'valid-address-data'],
    ['of version 3.0 without N', cardText('a').replace(/\r\nN:.*/, ''), 'valid-address-data'],
    ['of version 2.1', versionedCard('2.1', 'a', 'N:;;;;'), 'supported-address-data'],
  ])('refuses a card that is %s with 403', async (_, card, precondition) => {
    const { status, text } = await putCard(account, 'a.vcf', card);
    expect(status).toBe(403);
    expect(text).toContain(`${precondition}/>`);
  });

  it('refuses to give a stored card another UID with 403 no-uid-conflict', async () => {
    await putCard(account, 'a.vcf', cardText('a'));
    const { status, text } = await putCard(account, 'a.vcf', cardText('b'));
    expect(status).toBe(403);
    expect(text).toContain('no-uid-conflict');
  });

  it('accepts an empty FN', async () => {
    expect((await putCard(account, 'a.vcf', cardText('a').replace(/FN:.*/, 'FN:'))).status).toBe(201);
  });

  it('finds many addresses in one report, whole and without regard to case', async () => {
    await putCard(account, 'a.vcf', cardText('a', 'EMAIL:Ann@X.example'));
    await putCard(account, 'b.vcf', cardText('b', 'EMAIL;TYPE=work:b@x.example', 'EMAIL:second@x.example'));
    await putCard(account, 'c.vcf', cardText('c', 'EMAIL:joann@x.example'));
    await putCard(account, 'd.vcf', cardText('d', 'EMAIL:ann@x.example.org'));
    await putCard(account, 'e.vcf', cardText('e', "EMAIL:o'brien&sons@x.example"));
    await putCard(account, 'f.vcf', cardText('f', 'EMAIL:fol', ' ded@x.example'));
    expect(await uidsOf({ filters: [has('EMAIL', 'ann@x.example')] })).toEqual(['a']);
    const filters = ['ann@x.example', 'second@x.example', "o'brien&amp;sons@x.example", 'folded@x.example'].map(
      (text) => has('EMAIL', text),
    );
    expect(await uidsOf({ filters })).toEqual(['a', 'b', 'e', 'f']);
    const texts = ['ann@x.example', 'b@x.example'].map(
      (text) => `<c:text-match match-type="equals">${text}</c:text-match>`,
    );
    expect(
      await uidsOf({ filters: [`<c:prop-filter name="EMAIL" test="anyof">${texts.join('')}</c:prop-filter>`] }),
    ).toEqual(['a', 'b']);
  });

  it('compares letters beyond ASCII as they are', async () => {
    await putCard(account, 'a.vcf', cardText('a', 'EMAIL:jö@x.example'));
    expect(await uidsOf({ filters: [has('EMAIL', 'jö@x.example')] })).toEqual(['a']);
    expect(await uidsOf({ filters: [has('EMAIL', 'JÖ@x.example')] })).toEqual([]);
  });

  it('finds a card whose only address is in a property group, by the address or else by what it has not', async () => {
    await putCard(account, 'a.vcf', cardText('a', 'item1.EMAIL:ann@x.example', 'item1.X-ABLabel:Work'));
    await putCard(account, 'b.vcf', cardText('b', 'EMAIL:ben@x.example'));
    await putCard(account, 'g.vcf', cardText('g', 'X-ADDRESSBOOKSERVER-KIND:group'));
    const filters = [hasNot('EMAIL'), hasNot('X-ADDRESSBOOKSERVER-KIND'), hasNot('KIND')];
    const data = '<c:address-data><c:prop name="UID"/><c:prop name="EMAIL"/></c:address-data>';
    const byAddress = await find({ filters: [has('EMAIL', 'ann@x.example')], data });
    expect([...byAddress, ...(await find({ filters, test: 'allof', data }))]).toEqual([
      'BEGIN:VCARD\nUID:a\nitem1.EMAIL:ann@x.example\nEND:VCARD',
    ]);
  });

  it('finds names whole, and notes by a part of their unescaped text', async () => {
    await putCard(account, 'a.vcf', cardText('a', 'NOTE:one\\, two\\nthree'));
    expect(await uidsOf({ filters: [has('FN', 'CARD A')] })).toEqual(['a']);
    expect(await uidsOf({ filters: [has('FN', 'Card')] })).toEqual([]);
    expect(await uidsOf({ filters: [has('NOTE', 'ONE, TWO', 'contains')] })).toEqual(['a']);
    expect(await uidsOf({ filters: [has('NOTE', 'one\\, two', 'contains')] })).toEqual([]);
  });

  it('finds groups of both kinds by their kind', async () => {
    await putCard(account, 'a.vcf', cardText('a', 'EMAIL:ann@x.example'));
    await putCard(account, 'g.vcf', cardText('g', 'X-ADDRESSBOOKSERVER-KIND:group'));
    await putCard(account, 'h.vcf', versionedCard('4.0', 'h', 'KIND:group'));
    expect(await uidsOf({ filters: [has('X-ADDRESSBOOKSERVER-KIND', 'group'), has('KIND', 'group')] })).toEqual([
      'g',
      'h',
    ]);
  });

  it('finds cards by the version in which they are kept', async () => {
    await putCard(account, 'a.vcf', cardText('a'));
    await putCard(account, 'b.vcf', versionedCard('4.0', 'b'));
    expect(await uidsOf({ filters: [has('VERSION', '4.0'), has('UID', 'a')], test: 'allof' })).toEqual([]);
    expect(await uidsOf({ filters: [has('VERSION', '4.0')] })).toEqual(['b']);
    expect(await uidsOf({ filters: [has('VERSION', '3.0')] })).toEqual(['a']);
  });

  it('retrieves named properties alone, without VERSION and FN', async () => {
    await putCard(account, 'a.vcf', cardText('a', 'item1.EMAIL:ann@x.example', 'EMAIL:a@x.example', 'NOTE:secret'));
    const data = '<c:address-data><c:prop name="UID"/><c:prop name="EMAIL"/></c:address-data>';
    expect(await find({ filters: [has('EMAIL', 'a@x.example')], data })).toEqual([
      'BEGIN:VCARD\nUID:a\nitem1.EMAIL:ann@x.example\nEMAIL:a@x.example\nEND:VCARD',
    ]);
  });

  it('sends what would end the CDATA of a card unharmed', async () => {
    await putCard(account, 'a.vcf', cardText('a', 'NOTE:]]> & <x>'));
    const { text } = await dav(account, 'REPORT', '', {
      headers: { depth: '1' },
      body: addressbookQuery({ filters: [has('UID', 'a')] }),
    });
    expect(text).toContain('NOTE:]]]]><![CDATA[> & <x>');
  });

  it('sends many cards at once, and says which are not there', async () => {
    await putCard(account, 'a.vcf', cardText('a'));
    const hrefs = ['a.vcf', 'missing.vcf'].map((name) => new URL(name, account.bookUrl).pathname);
    const body = multiget(...hrefs);
    const { status, text } = await dav(account, 'REPORT', '', { headers: { depth: '1' }, body });
    expect(status).toBe(207);
    expect(cardsIn(text)).toEqual(['BEGIN:VCARD\nVERSION:3.0\nUID:a\nFN:Card a\nN:;;;;\nEND:VCARD']);
    expect(text).toMatch(/missing\.vcf<\/[^>]*href>\s*<[^>]*status>HTTP\/1\.1 404/);
  });

  it('sends many cards at once, whatever else is no path', async () => {
    await putCard(account, 'a.vcf', cardText('a'));
    const hrefs = ['%a.vcf', 'a.vcf'].map((name) => new URL(name, account.bookUrl).pathname);
    const { status, text } = await dav(account, 'REPORT', '', { headers: { depth: '1' }, body: multiget(...hrefs) });
    expect(status).toBe(207);
    expect(cardsIn(text)).toHaveLength(1);
    expect(text).toMatch('HTTP/1.1 403');
  });

  it('serves a 4.0 group as 3.0 unless 4.0 is asked for', async () => {
    await putCard(account, 'g.vcf', versionedCard('4.0', 'g', 'KIND:group', 'MEMBER:urn:uuid:a'));
    const [three] = await find({ filters: [has('UID', 'g')] });
    expect(three?.replace('UID;VALUE=uri:', 'UID:')).toBe(
      'BEGIN:VCARD\nVERSION:3.0\nUID:g\nFN:Card g\nx-addressbookserver-kind:group\nx-addressbookserver-member:urn:uuid:a\nEND:VCARD',
    );
    const data = '<c:address-data content-type="text/vcard" version="4.0"/>';
    const [four] = await find({ filters: [has('UID', 'g')], data });
    expect(four).toBe('BEGIN:VCARD\nVERSION:4.0\nUID:g\nFN:Card g\nKIND:group\nMEMBER:urn:uuid:a\nEND:VCARD');
    const get = await dav(account, 'GET', 'g.vcf', { headers: { accept: 'text/vcard; version=4.0' } });
    expect(cardsIn(get.text)).toEqual([four]);
    expect(cardsIn((await dav(account, 'GET', 'g.vcf')).text)).toEqual([three]);
  });

  it('serves a 3.0 group as 4.0 where that is asked for', async () => {
    await putCard(
      account,
      'g.vcf',
      cardText('g', 'X-ADDRESSBOOKSERVER-KIND:group', 'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:a'),
    );
    const { text } = await dav(account, 'GET', 'g.vcf', { headers: { accept: 'text/vcard; version=4.0' } });
    expect(text).toMatch(/^kind:group\r?$/im);
    expect(text).toMatch(/^member:urn:uuid:a\r?$/im);
  });

  it('refuses reports that it does not know with 403, and broken XML with 400', async () => {
    expect((await dav(account, 'REPORT', '', { headers: { depth: '1' }, body: '<x/>' })).status).toBe(403);
    expect((await dav(account, 'REPORT', '', { headers: { depth: '1' }, body: '<x' })).status).toBe(400);
  });
});
