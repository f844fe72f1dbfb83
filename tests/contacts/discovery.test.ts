import { openAddressBook } from '../../src/contacts/open-address-book';
import { card } from './cards';
import {
  BOOK,
  cardResponse,
  discovery,
  eachOnScripted,
  multistatus,
  OWN_BOOK,
  response,
  type ScriptedAnswer,
  type SeenRequest,
} from './scripted-dav';

const server = eachOnScripted();

function open(url = server().url) {
  return openAddressBook({ url, username: 'ann', http: server().http });
}

const ADDRESS_BOOK = '<D:resourcetype><D:collection/><C:addressbook/></D:resourcetype>';
const WRITE = '<D:current-user-privilege-set><D:privilege><D:write/></D:privilege></D:current-user-privilege-set>';
const READ = '<D:current-user-privilege-set><D:privilege><D:read/></D:privilege></D:current-user-privilege-set>';
const owner = (name: string) => `<D:owner><D:href>/dav/principals/${name}/</D:href></D:owner>`;
const book = (path: string, ...properties: readonly string[]) =>
  response(path, `${ADDRESS_BOOK}${properties.join('')}`);

describe('finding the address book', () => {
  it('takes five requests, the redirect and the groups included', async () => {
    const group = card(['UID:g', 'FN:Feed', 'X-ADDRESSBOOKSERVER-KIND:group']);
    server().play(
      discovery(() => multistatus(cardResponse('g.vcf', group), cardResponse('c.vcf', card(['UID:c', 'FN:x'])))),
    );
    const { groups, writable } = await open();
    expect({ groups, writable }).toEqual({
      groups: [{ href: new URL(`${BOOK}g.vcf`, server().url).href, uid: 'g', name: 'Feed' }],
      writable: true,
    });
    expect(server().requests.map(({ method, path, headers }) => `${method} ${path} ${headers.depth}`)).toEqual([
      'PROPFIND /.well-known/carddav 0',
      'PROPFIND /dav/ 0',
      'PROPFIND /dav/principals/ann/ 0',
      'PROPFIND /dav/books/ann/ 1',
      `REPORT ${BOOK} 1`,
    ]);
    expect(server().requests.at(-1)?.body).not.toContain('MEMBER');
  });

  it('asks for what it needs to know, and nothing else', async () => {
    server().play(discovery());
    await open();
    const asked = server().requests.map(({ body }) => [...body.matchAll(/<(\w+:[\w-]+)\/>/g)].map(([, name]) => name));
    const principal = ['d:current-user-principal', 'card:addressbook-home-set'];
    expect(asked.slice(0, 4)).toEqual([
      principal,
      principal,
      ['card:addressbook-home-set'],
      ['d:resourcetype', 'd:owner', 'd:current-user-privilege-set', 'card:supported-address-data'],
    ]);
  });

  it('tries the URL itself where nothing is well known', async () => {
    const usual = discovery();
    server().play((request) => {
      if (request.path === '/.well-known/carddav') return { status: 404 };
      return usual({ ...request, path: request.path === '/' ? '/dav/' : request.path });
    });
    await expect(open()).resolves.toMatchObject({ writable: true });
    expect(server().requests).toHaveLength(5);
  });

  it('starts where the user says, where that has a path', async () => {
    server().play(discovery());
    await open(`${server().url}dav/`);
    expect(
      server()
        .requests.map(({ path }) => path)
        .slice(0, 2),
    ).toEqual(['/dav/', '/dav/principals/ann/']);
  });

  it('goes straight on where the first answer names the home', async () => {
    const home = '<C:addressbook-home-set><D:href>/dav/books/ann</D:href></C:addressbook-home-set>';
    const usual = discovery();
    server().play((request) =>
      request.path === '/.well-known/carddav' ? multistatus(response(request.path, home)) : usual(request),
    );
    await open();
    expect(server().requests.map(({ path }) => path)).toEqual(['/.well-known/carddav', '/dav/books/ann/', BOOK]);
  });

  it.each([
    [
      'a default book behind another own one',
      [book('/dav/books/ann/work/', owner('ann'), WRITE), OWN_BOOK],
      BOOK,
      true,
    ],
    [
      'the first own book that can be written',
      [book('/dav/books/ann/a/', READ), book('/dav/books/ann/b/', WRITE), book('/dav/books/ann/c/', WRITE)],
      '/dav/books/ann/b/',
      true,
    ],
    [
      'no shared book',
      [book('/dav/books/ann/Default/', owner('bob'), WRITE), book('/dav/books/ann/own/', owner('ann'), WRITE)],
      '/dav/books/ann/own/',
      true,
    ],
    [
      'a book that can only be read where there is no other',
      [book('/dav/books/ann/Default/', owner('ann'), READ)],
      BOOK,
      false,
    ],
    ['a book without privileges for one that can be written', [book('/dav/books/ann/x')], '/dav/books/ann/x/', true],
    [
      'the privilege for everything for enough',
      [book(BOOK, '<D:current-user-privilege-set><D:privilege><D:all/></D:privilege></D:current-user-privilege-set>')],
      BOOK,
      true,
    ],
    [
      'the privileges to bind and to write content for enough',
      [
        book(
          BOOK,
          '<D:current-user-privilege-set><D:privilege><D:write-content/></D:privilege><D:privilege><D:bind/></D:privilege></D:current-user-privilege-set>',
        ),
      ],
      BOOK,
      true,
    ],
    ...['write-content', 'bind'].map((name): [string, string[], string, boolean] => [
      `the privilege ${name} alone for too little`,
      [
        book(
          BOOK,
          `<D:current-user-privilege-set><D:privilege><D:${name}/></D:privilege></D:current-user-privilege-set>`,
        ),
      ],
      BOOK,
      false,
    ]),
    [
      'a default book, and none of a similar name',
      ['Default/old/', 'my-default/', 'default'].map((name) => book(`/dav/books/ann/${name}`, WRITE)),
      '/dav/books/ann/default/',
      true,
    ],
    [
      'a book whose owner is written without a slash, and none whose owner is nobody',
      [
        book(BOOK, '<D:owner><D:href>http://%</D:href></D:owner>', WRITE),
        book('/dav/books/ann/own/', '<D:owner><D:href>/dav/principals/ann</D:href></D:owner>', WRITE),
      ],
      '/dav/books/ann/own/',
      true,
    ],
    [
      'a book whose name looks like a number',
      [book('/dav/books/ann/2024/', '<D:displayname>2024</D:displayname>', WRITE)],
      '/dav/books/ann/2024/',
      true,
    ],
  ])('takes %s', async (_, books, path, writable) => {
    server().play(discovery(undefined, books));
    await expect(open()).resolves.toMatchObject({ writable });
    expect(server().requests.at(-1)?.path).toBe(path);
  });

  it('follows absolute references to its own origin', async () => {
    server().play(discovery(undefined, [OWN_BOOK.replace(BOOK, `${server().url}${BOOK.slice(1)}`)]));
    await open();
    expect(server().requests.at(-1)?.path).toBe(BOOK);
  });
});

describe('an address book that is not to be found', () => {
  const principalAnswers = (answer: ScriptedAnswer) => (request: SeenRequest) =>
    request.path === '/dav/principals/ann/' ? answer : discovery()(request);
  const page = { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' };

  it.each([
    [
      'a redirect to another origin',
      () => ({ status: 302, headers: { location: 'https://other.example/dav/?a' } }),
      'settings',
      'set MAILROOM_CARDDAV_URL to https://other.example/dav/',
    ],
    [
      'redirects in a circle',
      () => ({ status: 301, headers: { location: '/.well-known/carddav' } }),
      'protocol',
      undefined,
    ],
    ['403', () => ({ status: 403 }), 'credentials', 'MAILROOM_CARDDAV_PASSWORD'],
    ['401', () => ({ status: 401 }), 'credentials', 'MAILROOM_CARDDAV_USERNAME'],
    ['404 everywhere', () => ({ status: 404 }), 'settings', 'MAILROOM_CARDDAV_URL'],
    ['a page of HTML', () => page, 'protocol', undefined],
    ['a page of HTML that says 207', () => ({ ...page, status: 207 }), 'protocol', undefined],
    ['no body', () => ({ status: 207 }), 'protocol', undefined],
    [
      'XML that is no multistatus',
      () => ({ status: 207, body: '<a><multistatus></multistatus></a>' }),
      'protocol',
      undefined,
    ],
    ['XML that makes no sense', () => ({ status: 207, body: '<a></b></multistatus>' }), 'protocol', undefined],
    ['400', () => ({ status: 400 }), 'protocol', undefined],
    ['a server in trouble', () => ({ status: 503 }), 'transient', undefined],
    [
      'nobody in particular',
      () => multistatus(response('/', '<D:current-user-principal><D:unauthenticated/></D:current-user-principal>')),
      'credentials',
      undefined,
    ],
    ['a principal that is not there', principalAnswers({ status: 404 }), 'settings', 'MAILROOM_CARDDAV_URL'],
    [
      'a principal without address books',
      principalAnswers(multistatus(response('/', '<D:displayname>x</D:displayname>'))),
      'settings',
      'MAILROOM_CARDDAV_URL',
    ],
    ['no principal', () => multistatus(response('/', '<D:displayname>x</D:displayname>')), 'settings', undefined],
    [
      'a principal at another origin',
      () =>
        multistatus(
          response(
            '/',
            '<D:current-user-principal><D:href>https://other.example/p</D:href></D:current-user-principal>',
          ),
        ),
      'protocol',
      undefined,
    ],
    [
      'a principal that is nowhere',
      () => multistatus(response('/', '<D:current-user-principal><D:href></D:href></D:current-user-principal>')),
      'protocol',
      undefined,
    ],
  ])('%s', async (_, script, code, hint) => {
    server().play(script);
    const error: unknown = await open().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, ...(hint === undefined ? {} : { hint: expect.stringContaining(hint) }) });
    expect(JSON.stringify([String(error), error])).not.toContain('c2VjcmV0');
  });

  it('is not looked for where a redirect says no place', async () => {
    server().play(() => ({ status: 301 }));
    await expect(open()).rejects.toMatchObject({ message: expect.stringMatching(/ was answered with HTTP 301$/) });
    expect(server().requests).toHaveLength(1);
  });

  it.each([
    '',
    ' ',
    '<a><multistatus xmlns="DAV:"></multistatus></a>',
    '<a></b></multistatus>',
    '<multistatus xmlns="DAV:"><response>',
    '<multistatus/>',
    '<D:multistatus/>',
    '<multistatus xmlns="dav:"/>',
    '<multistatus xmlns="DAV:"/><multistatus xmlns="DAV:"/>',
    '<multistatus xmlns="DAV:"/> and more',
    '<multistatus xmlns="DAV:"><a>&nbsp;</a></multistatus>',
    '<!DOCTYPE html><multistatus xmlns="DAV:"/>',
    '<?xml version="1.0"?><!-- <multistatus xmlns="DAV:"/> -->',
  ])('says that the answer is none: %s', async (body) => {
    server().play(() => ({ status: 207, body }));
    const message = expect.stringContaining('is no multistatus, or is cut off');
    await expect(open()).rejects.toMatchObject({ code: 'protocol', message });
  });

  it.each([
    '<multistatus xmlns="DAV:"/>',
    '<multistatus xmlns="DAV:" />\n',
    '<x:multistatus xmlns:x="DAV:"></x:multistatus>',
    '\ufeff<?xml version="1.0" encoding="utf-8"?>\n<!-- none --><D:multistatus xmlns:D="DAV:"><D:sync-token>1</D:sync-token></D:multistatus><!-- x -->',
  ])('is open where the list of groups is empty: %s', async (body) => {
    server().play(discovery(() => ({ status: 207, body })));
    await expect(open()).resolves.toMatchObject({ groups: [] });
  });

  it('tells properties apart by their namespaces, whatever their prefixes', async () => {
    const foreign = '<resourcetype xmlns="other:"><D:collection/></resourcetype>';
    const own =
      '<p:resourcetype xmlns:p="DAV:"><p:collection/><q:addressbook xmlns:q="urn:ietf:params:xml:ns:carddav"/></p:resourcetype>';
    server().play(
      discovery(undefined, [
        response('/dav/books/ann/other/', '<D:resourcetype><addressbook xmlns="other:"/></D:resourcetype>'),
        response(BOOK, `${own}${foreign}`),
      ]),
    );
    await open();
    expect(server().requests.at(-1)?.path).toBe(BOOK);
  });

  it('is missing where all books are shared ones', async () => {
    server().play(discovery(undefined, [book(BOOK, owner('bob'), WRITE)]));
    await expect(open()).rejects.toMatchObject({ code: 'missing' });
  });

  it.each([
    ['cut off', (body: string) => body.slice(0, -20)],
    ['cut off between two elements', (body: string) => body.replace('</D:multistatus>', '')],
  ])('is a fault of the protocol where the list of groups is %s', async (_, cut) => {
    const whole = multistatus(cardResponse('g.vcf', card(['UID:g', 'FN:Feed', 'KIND:group'])));
    server().play(discovery(() => ({ ...whole, body: cut(String(whole.body)) })));
    await expect(open()).rejects.toMatchObject({ code: 'protocol' });
  });

  it.each([
    [
      '507 for the book',
      multistatus(
        `<D:response><D:href>${BOOK}</D:href><D:status>HTTP/1.1 507 Insufficient Storage</D:status></D:response>`,
      ),
      'protocol',
    ],
    [
      'too many matches',
      { status: 403, body: '<D:error xmlns:D="DAV:"><D:number-of-matches-within-limits/></D:error>' },
      'protocol',
    ],
    [
      'no right to read',
      { status: 403, body: '<D:error xmlns:D="DAV:"><D:need-privileges/></D:error>' },
      'credentials',
    ],
    [
      'a precondition that is not met',
      { status: 400, body: '<D:error xmlns:D="DAV:"><D:valid-filter/></D:error>' },
      'protocol',
      'HTTP 400 (valid-filter)',
    ],
    [
      'a card at no address',
      multistatus(`<D:response><D:status>HTTP/1.1 404 Not Found</D:status></D:response>`),
      'protocol',
      'without a usable address',
    ],
    [
      'a card that could not be read',
      multistatus(`<D:response><D:href>${BOOK}g.vcf</D:href><D:status>HTTP/1.1 500 Oops</D:status></D:response>`),
      'transient',
    ],
  ])('is not open where the list of groups has %s', async (_, answer, code, message = '') => {
    server().play(discovery(() => answer));
    await expect(open()).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });
});

describe('references of a server', () => {
  const elsewhere = [
    'javascript:alert(1)',
    'mailto:ann@x.example',
    'data:,x',
    'file:///etc/passwd',
    'http://',
    'http://%',
    'http://127.0.0.1:1/dav/books/ann/Default/1.vcf',
    'https://other.example/dav/books/ann/Default/1.vcf',
    '//other.example/dav/books/ann/Default/1.vcf',
    'http://ann:secret@127.0.0.1/',
    '',
  ];
  const outside = [
    '/dav/books/bob/Default/1.vcf',
    '../../bob/Default/1.vcf',
    `${BOOK}../../bob/Default/1.vcf`,
    `${BOOK}%2e%2e/%2e%2e/bob/Default/1.vcf`,
    `${BOOK}..%2f..%2fbob%2fDefault%2f1.vcf`,
    `${BOOK.slice(0, -1)}-of-bob/1.vcf`,
    '/',
  ];

  it.each([...elsewhere, ...outside])('are a fault of the protocol in the list of groups: %s', async (href) => {
    const group = card(['UID:g', 'FN:Feed', 'X-ADDRESSBOOKSERVER-KIND:group']);
    server().play(discovery(() => multistatus(cardResponse('x', group).replace(/<D:href>[^<]*/, `<D:href>${href}`))));
    const message = expect.stringContaining(new URL(server().url).host);
    await expect(open()).rejects.toMatchObject({ name: 'MailroomError', code: 'protocol', message });
  });

  it.each(['/dav/books/bob/Default/', '/dav/books/annabel/Default/', '../bob/', ...elsewhere])(
    'are a fault of the protocol in the home: %s',
    async (href) => {
      server().play(discovery(undefined, [book(href)]));
      await expect(open()).rejects.toMatchObject({ name: 'MailroomError', code: 'protocol' });
      expect(server().requests.some(({ path }) => path.includes('bob'))).toBe(false);
    },
  );

  it.each(elsewhere)('are a fault of the protocol where the home is named: %s', async (href) => {
    const home = `<C:addressbook-home-set><D:href>${href}</D:href></C:addressbook-home-set>`;
    server().play(() => multistatus(response('/', home)));
    await expect(open()).rejects.toMatchObject({ name: 'MailroomError', code: 'protocol' });
    expect(server().requests).toHaveLength(1);
  });

  it.each([
    'javascript:alert(1)',
    'http://ann:secret@127.0.0.1/',
    'http://ann@127.0.0.1/',
    'http://:secret@127.0.0.1/',
    'http://%',
    '',
  ])('are a fault of the protocol in a redirect: %s', async (location) => {
    server().play(() => ({ status: 301, headers: { location } }));
    await expect(open()).rejects.toMatchObject({ name: 'MailroomError', code: 'protocol' });
  });

  it('are a fault of the protocol beside a home that a redirect leads to, with no slash at its end', async () => {
    const usual = discovery();
    server().play((request) => {
      if (request.path === '/dav/books/ann/') return { status: 301, headers: { location: '/dav/homes/ann' } };
      return request.path === '/dav/homes/ann' ? multistatus(book('/dav/homes/bob/')) : usual(request);
    });
    await expect(open()).rejects.toMatchObject({ name: 'MailroomError', code: 'protocol' });
  });

  it.each([
    `${BOOK}1.vcf`,
    '1.vcf',
    './1.vcf',
    '100%.vcf',
    '/dav/books/%61nn/Default/1.vcf',
    '/dav/books/ann/Default/a%2Fb.vcf',
  ])('are followed within the book: %s', async (href) => {
    const group = card(['UID:g', 'FN:Feed', 'X-ADDRESSBOOKSERVER-KIND:group']);
    server().play(discovery(() => multistatus(cardResponse('x', group).replace(/<D:href>[^<]*/, `<D:href>${href}`))));
    await expect(open()).resolves.toMatchObject({
      groups: [{ name: 'Feed', href: new URL(href, new URL(BOOK, server().url)).href }],
    });
  });
});
